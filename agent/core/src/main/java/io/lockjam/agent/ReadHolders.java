// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds a thread that holds the read side of a ReentrantReadWriteLock: the lock keeps the counts in a ThreadLocal, so they
 * are looked up in the threads that wait for something themselves, as those in a deadlock do.
 */
final class ReadHolders {
    private final Class<?> sync;
    private final MethodHandle firstReader;
    private final MethodHandle readHolds;
    private final MethodHandle count;
    private final MethodHandle map;
    private final MethodHandle entry;
    private final MethodHandle value;

    ReadHolders() throws ReflectiveOperationException {
        String outer = ReentrantReadWriteLock.class.getName();
        sync = Class.forName(outer + "$Sync");
        Class<?> counter = Class.forName(outer + "$Sync$HoldCounter");
        MethodHandles.Lookup locks = MethodHandles.privateLookupIn(sync, MethodHandles.lookup());
        firstReader = locks.findGetter(sync, "firstReader", Thread.class);
        readHolds = locks.findGetter(sync, "readHolds", Class.forName(outer + "$Sync$ThreadLocalHoldCounter"));
        count = MethodHandles.privateLookupIn(counter, MethodHandles.lookup()).findGetter(counter, "count", int.class);
        Class<?> mapType = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
        Class<?> entryType = Class.forName("java.lang.ThreadLocal$ThreadLocalMap$Entry");
        MethodHandles.Lookup lang = MethodHandles.privateLookupIn(mapType, MethodHandles.lookup());
        map = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                .findGetter(Thread.class, "threadLocals", mapType);
        entry = lang.findGetter(mapType, "table", entryType.arrayType())
                .asType(MethodType.methodType(Object[].class, mapType));
        value = lang.findGetter(entryType, "value", Object.class);
    }

    boolean isReadWrite(Object blocker) {
        return sync.isInstance(blocker);
    }

    /** Whether the owner that the hooks tell is none, or stands for all readers as the first of them. */
    boolean mayBeRead(Object blocker, @Nullable Thread owner) throws Throwable {
        return owner == null || owner == (Thread) firstReader.invoke(blocker);
    }

    /**
     * A holder among {@code parked} (null entries are skipped) other than the waiter, else the first reader, else the
     * waiter if it waits for itself; null if no thread is known to read. The threads' maps are read while they stand
     * still; one that moves meanwhile is at worst not found.
     */
    @Nullable
    Thread find(Object blocker, @Nullable Thread waiter, @Nullable Thread[] parked) throws Throwable {
        Object local = readHolds.invoke(blocker);
        Thread first = (Thread) firstReader.invoke(blocker);
        Thread itself = null;
        for (Thread thread : parked) {
            if (thread != null && (thread == first || holds(thread, local))) {
                if (thread != waiter) {
                    return thread;
                }
                itself = thread;
            }
        }
        return first != null ? first : itself;
    }

    private boolean holds(Thread thread, Object local) throws Throwable {
        Object locals = map.invoke(thread);
        Object[] table = locals == null ? null : (Object[]) entry.invoke(locals);
        if (table == null) {
            return false;
        }
        for (Object each : table) {
            if (each instanceof WeakReference<?> key && key.refersTo(cast(local))) {
                Object counter = value.invoke(each);
                return counter != null && (int) count.invoke(counter) > 0;
            }
        }
        return false;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // refersTo compares identities only
    private static <T> T cast(Object local) {
        return (T) local;
    }
}
