// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Hashtable;
import java.util.Vector;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What two threads change in two steps, each of them safe by itself. */
final class Steps {
    private Steps() {}

    /**
     * A place in a collection.
     *
     * @param value what the first thread puts there; null if that does not matter
     */
    record Entry(Object collection, Object key, @Nullable Object value) {}

    /** Whether two threads may call methods of the object at one time, so that only what lies between the calls can go wrong. */
    static boolean ordersCalls(Object whole) {
        return isAtomic(whole) || isCollection(whole);
    }

    private static boolean isAtomic(Object whole) {
        return whole instanceof AtomicInteger
                || whole instanceof AtomicLong
                || whole instanceof AtomicReference
                || whole instanceof AtomicBoolean
                || whole instanceof AtomicIntegerArray
                || whole instanceof AtomicLongArray
                || whole instanceof AtomicReferenceArray
                || whole instanceof LongAdder
                || whole instanceof DoubleAdder;
    }

    private static boolean isCollection(Object collection) {
        return collection instanceof ConcurrentMap
                || collection instanceof Hashtable
                || collection instanceof Vector
                || collection instanceof BlockingQueue
                || collection instanceof ConcurrentLinkedQueue
                || collection instanceof ConcurrentLinkedDeque
                || collection instanceof CopyOnWriteArrayList
                || collection instanceof CopyOnWriteArraySet
                || collection instanceof ConcurrentSkipListSet
                || collection instanceof ConcurrentHashMap.KeySetView
                || UnsafeTypes.isGuarded(collection.getClass());
    }

    /** Runs no code of the application. */
    static boolean isSame(Object waiting, Object collection, @Nullable Object key) {
        if (waiting instanceof Entry entry) {
            return entry.collection == collection && key != null && Keys.isSame(entry.key, key);
        }
        return waiting == collection && key == null;
    }

    static Object whole(Object target) {
        return target instanceof Entry entry ? entry.collection : target;
    }
}
