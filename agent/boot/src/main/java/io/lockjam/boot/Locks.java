// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** The locks whose order is recorded, asked without calling a method that an application could have overridden. */
final class Locks {
    private static final @Nullable MethodHandle SYNC =
            Access.getter(ReentrantLock.class, "sync", type("java.util.concurrent.locks.ReentrantLock$Sync"));
    private static final @Nullable MethodHandle WRITE_SYNC = Access.getter(
            ReentrantReadWriteLock.WriteLock.class,
            "sync",
            type("java.util.concurrent.locks.ReentrantReadWriteLock$Sync"));

    private Locks() {}

    /** Whether it is one whose holder can be told; locks of other classes are left out. */
    static boolean isKnown(Object lock) {
        return lock.getClass() == ReentrantLock.class || lock.getClass() == ReentrantReadWriteLock.WriteLock.class;
    }

    /** Whether the current thread holds it: exact. */
    static boolean heldByMe(Object lock) {
        if (lock.getClass() == ReentrantLock.class) {
            return ((ReentrantLock) lock).isHeldByCurrentThread();
        }
        if (lock.getClass() == ReentrantReadWriteLock.WriteLock.class) {
            return ((ReentrantReadWriteLock.WriteLock) lock).isHeldByCurrentThread();
        }
        return Thread.holdsLock(lock);
    }

    /** The identity that all our facts use: of the synchroniser inside, where there is one. */
    static int id(Object lock) {
        try {
            if (SYNC != null && lock.getClass() == ReentrantLock.class) {
                return System.identityHashCode(Access.object(SYNC, lock));
            }
            if (WRITE_SYNC != null && lock.getClass() == ReentrantReadWriteLock.WriteLock.class) {
                return System.identityHashCode(Access.object(WRITE_SYNC, lock));
            }
        } catch (Throwable unreadable) {
            Switches.fault();
        }
        return System.identityHashCode(lock);
    }

    static String className(Object lock) {
        if (lock instanceof Class) {
            return ((Class<?>) lock).getName().concat(".class");
        }
        return lock.getClass() == ReentrantReadWriteLock.WriteLock.class
                ? "java.util.concurrent.locks.ReentrantReadWriteLock"
                : lock.getClass().getName();
    }

    private static @Nullable Class<?> type(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException otherJdk) {
            return null;
        }
    }
}
