// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Methods that take a write lock, with the code that {@link GuardedCodeTest} reads. */
@SuppressWarnings("LockNotBeforeTry") // so is the code of others
final class Guarded {
    private final ReentrantReadWriteLock both = new ReentrantReadWriteLock();
    private final Lock lock = both.writeLock();
    private final Map<String, Integer> prices = new HashMap<>();
    private final LongAdder reads = new LongAdder();
    private int asked;
    private volatile long last;

    int looksUp(String name) {
        lock.lock();
        try {
            reads.increment();
            last = System.nanoTime();
            Integer price = prices.get(name);
            if (price == null) {
                throw new IllegalArgumentException("no " + name);
            }
            return price;
        } finally {
            lock.unlock();
        }
    }

    List<Integer> copies() {
        both.writeLock().lock();
        try {
            List<Integer> all = new ArrayList<>();
            for (Integer each : prices.values()) {
                if (passes(each)) {
                    all.add(each);
                }
            }
            return all;
        } finally {
            both.writeLock().unlock();
        }
    }

    void readsAndWritesAfterwards(String name) {
        lock.lock();
        int price = prices.getOrDefault(name, 0);
        lock.unlock();
        asked += price;
    }

    int counts(String name) {
        lock.lock();
        try {
            asked++;
            return prices.getOrDefault(name, 0);
        } finally {
            lock.unlock();
        }
    }

    int countsFurtherIn(String name) {
        lock.lock();
        try {
            note();
            return prices.getOrDefault(name, 0);
        } finally {
            lock.unlock();
        }
    }

    void puts(String name) {
        lock.lock();
        try {
            prices.put(name, 1);
        } finally {
            lock.unlock();
        }
    }

    void callsUnknown(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    int keeps(String name) {
        lock.lock();
        return prices.getOrDefault(name, 0);
    }

    private static boolean passes(int price) {
        return price > 3;
    }

    private void note() {
        asked++;
    }

    long last() {
        return last + asked;
    }

    /** Keeps those used last. */
    static final class Recent {
        private final Lock lock = new ReentrantReadWriteLock().writeLock();
        private final Map<String, Integer> prices = new LinkedHashMap<>(16, 0.75f, true);

        int looksUp(String name) {
            lock.lock();
            try {
                return prices.getOrDefault(name, 0);
            } finally {
                lock.unlock();
            }
        }
    }
}
