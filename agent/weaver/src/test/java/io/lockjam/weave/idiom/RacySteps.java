// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.Map;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Those of {@link Racy} whose every step is ordered, but not the two that belong together. */
final class RacySteps {
    private RacySteps() {}

    @SuppressWarnings("NonAtomicVolatileUpdate")
    static final class Compound implements Idiom {
        private static volatile long total;

        private volatile int hits;
        private volatile Object made;

        @Override
        public void step(int thread) {
            hits++;
            total += thread;
            if (made == null) {
                made = new Object();
            }
            if (thread == 0) {
                made = null;
            }
        }
    }

    static final class Called implements Idiom {
        private final Map<String, Integer> counts = new ConcurrentHashMap<>();
        private final Map<Integer, Object> opened = new ConcurrentHashMap<>();
        private final Vector<Integer> free = new Vector<>();

        @Override
        public void step(int thread) {
            Integer old = counts.get("a");
            counts.put("a", old == null ? 1 : old + 1);
            open(7);
            free.add(thread);
            if (thread == 0) {
                opened.clear();
            }
            take();
        }

        private void open(Integer user) {
            if (!opened.containsKey(user)) {
                opened.put(user, new Object());
            }
        }

        private int take() {
            try {
                return free.isEmpty() ? 0 : free.remove(free.size() - 1);
            } catch (ArrayIndexOutOfBoundsException taken) {
                return -1;
            }
        }
    }

    static final class Atomic implements Idiom {
        private final AtomicLong budget = new AtomicLong(Long.MAX_VALUE);
        private final AtomicIntegerArray hours = new AtomicIntegerArray(300);

        @Override
        public void step(int thread) {
            spend();
            hours.set(200, hours.get(200) + 1);
            if (System.getProperty("lockjam.sample") == null) {
                System.setProperty(
                        "lockjam.sample", new StringBuilder().append(thread).toString());
            }
            if (thread == 0) {
                System.clearProperty("lockjam.sample");
            }
        }

        private void spend() {
            if (budget.get() > 0) {
                budget.decrementAndGet();
            }
        }
    }
}
