// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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

    private static final @Nullable MethodHandle HELD =
            Access.nonVirtual(ReentrantLock.class, "isHeldByCurrentThread", boolean.class);
    private static final @Nullable MethodHandle READ_SYNC = Access.getter(
            ReentrantReadWriteLock.ReadLock.class,
            "sync",
            type("java.util.concurrent.locks.ReentrantReadWriteLock$Sync"));
    private static final @Nullable MethodHandle READ_HOLDS = readHolds();

    private Locks() {}

    /** Whether it is one whose holder can be told; locks of other classes are left out. */
    static boolean isKnown(Object lock) {
        return isReentrant(lock)
                || lock.getClass() == ReentrantReadWriteLock.WriteLock.class
                || (lock.getClass() == ReentrantReadWriteLock.ReadLock.class && READ_HOLDS != null);
    }

    /** Whether the current thread holds it: exact. */
    static boolean heldByMe(Object lock) {
        if (isReentrant(lock)) {
            return heldByOwner(lock);
        }
        if (lock.getClass() == ReentrantReadWriteLock.WriteLock.class) {
            return ((ReentrantReadWriteLock.WriteLock) lock).isHeldByCurrentThread();
        }
        if (lock.getClass() == ReentrantReadWriteLock.ReadLock.class) {
            return readHeldByMe(lock);
        }
        return Thread.holdsLock(lock);
    }

    /** The identity that all our facts use: of the synchroniser inside, where there is one. */
    static int id(Object lock) {
        try {
            if (SYNC != null && lock instanceof ReentrantLock) {
                return System.identityHashCode(Access.object(SYNC, lock));
            }
            if (WRITE_SYNC != null && lock.getClass() == ReentrantReadWriteLock.WriteLock.class) {
                return System.identityHashCode(Access.object(WRITE_SYNC, lock));
            }
            if (READ_SYNC != null && lock.getClass() == ReentrantReadWriteLock.ReadLock.class) {
                return System.identityHashCode(Access.object(READ_SYNC, lock));
            }
        } catch (Throwable unreadable) {
            Switches.fault();
        }
        return System.identityHashCode(lock);
    }

    /** What stands for the lock among threads: the two sides of a read-write lock share it. */
    static Object identity(Object lock) {
        try {
            if (WRITE_SYNC != null && lock.getClass() == ReentrantReadWriteLock.WriteLock.class) {
                return Access.object(WRITE_SYNC, lock);
            }
            if (READ_SYNC != null && lock.getClass() == ReentrantReadWriteLock.ReadLock.class) {
                return Access.object(READ_SYNC, lock);
            }
        } catch (Throwable unreadable) {
            Switches.fault();
        }
        return lock instanceof ReentrantReadWriteLock.WriteLock || lock instanceof ReentrantReadWriteLock.ReadLock
                ? ReentrantReadWriteLock.class
                : lock;
    }

    /** Whether nobody can pass now: of a semaphore with one permit or a flag, that a thread is behind it. */
    static boolean isShut(Object gate) {
        if (gate instanceof AtomicBoolean flag) {
            return flag.get();
        }
        if (gate instanceof AtomicReference<?> owner) {
            return owner.get() != null;
        }
        if (gate instanceof AtomicInteger || gate instanceof AtomicLong) {
            return ((Number) gate).longValue() != 0;
        }
        return gate.getClass() == Semaphore.class && ((Semaphore) gate).availablePermits() == 0;
    }

    /** One that is extended, as by the segments of a map, may have overridden what tells its holder: that is not called. */
    private static boolean isReentrant(Object lock) {
        return lock.getClass() == ReentrantLock.class || (lock instanceof ReentrantLock && HELD != null);
    }

    private static boolean heldByOwner(Object lock) {
        try {
            return lock.getClass() == ReentrantLock.class
                    ? ((ReentrantLock) lock).isHeldByCurrentThread()
                    : HELD != null && Access.flag(HELD, lock);
        } catch (Throwable unreadable) {
            Switches.fault();
            return false;
        }
    }

    private static boolean readHeldByMe(Object lock) {
        try {
            return READ_SYNC != null
                    && READ_HOLDS != null
                    && Access.number(READ_HOLDS, Access.object(READ_SYNC, lock)) > 0;
        } catch (Throwable unreadable) {
            Switches.fault();
            return false;
        }
    }

    private static @Nullable MethodHandle readHolds() {
        Class<?> sync = type("java.util.concurrent.locks.ReentrantReadWriteLock$Sync");
        return sync == null ? null : Access.nonVirtual(sync, "getReadHoldCount", int.class);
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
