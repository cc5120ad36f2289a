// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a call does to a lock of java.util.concurrent; which lock it is, the probe asks. */
enum LockCall {
    TAKE,
    TRY,
    RELEASE,
    /** May pass a gate, and says whether it did: a flag that is set by compare-and-set, a semaphore. */
    PASS;

    private static final String SEMAPHORE = "java/util/concurrent/Semaphore";
    private static final String ATOMIC = "java/util/concurrent/atomic/Atomic";
    private static final Set<String> STORES =
            Set.of("set", "lazySet", "setRelease", "setOpaque", "setPlain", "getAndSet");
    private static final Set<String> FLAGS = Set.of("Boolean", "Integer", "Long", "Reference");

    /** What it does to a gate; null if it is no such call. */
    static @Nullable LockCall ofGate(ValueScan.Call call) {
        String name = call.name();
        if (call.owner().equals(SEMAPHORE)) {
            return name.equals("tryAcquire") ? PASS : null;
        }
        boolean flag = call.owner().startsWith(ATOMIC)
                && FLAGS.contains(call.owner().substring(ATOMIC.length()))
                && !call.arguments().isEmpty();
        if (!flag) {
            return null;
        }
        boolean tries = name.equals("compareAndSet") || name.startsWith("weakCompareAndSet");
        Value last = call.arguments().get(call.arguments().size() - 1);
        boolean opens = (tries || STORES.contains(name)) && last.isUnset();
        return opens ? RELEASE : tries && call.arguments().get(0).isUnset() ? PASS : null;
    }

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
