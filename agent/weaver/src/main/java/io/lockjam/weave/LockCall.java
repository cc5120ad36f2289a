// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import org.jspecify.annotations.Nullable;

/** What a call does to a lock of java.util.concurrent; which lock it is, the probe asks. */
enum LockCall {
    TAKE,
    TRY,
    RELEASE;

    private static final String SEMAPHORE = "java/util/concurrent/Semaphore";

    /** Any class outside the JDK may extend one of its locks. */
    static @Nullable LockCall of(String owner, String name, String descriptor) {
        if (owner.equals(SEMAPHORE) && descriptor.equals("()V")) {
            return name.equals("release") ? RELEASE : name.startsWith("acquire") ? TAKE : null;
        }
        boolean lock = (!owner.startsWith("java/") && descriptor.startsWith("()"))
                || owner.equals("java/util/concurrent/locks/Lock")
                || owner.equals("java/util/concurrent/locks/ReentrantLock")
                || owner.equals("java/util/concurrent/locks/ReentrantReadWriteLock$ReadLock")
                || owner.equals("java/util/concurrent/locks/ReentrantReadWriteLock$WriteLock");
        if (!lock) {
            return null;
        }
        return switch (name) {
            case "lock", "lockInterruptibly" -> TAKE;
            case "tryLock" -> TRY;
            case "unlock" -> RELEASE;
            default -> null;
        };
    }
}
