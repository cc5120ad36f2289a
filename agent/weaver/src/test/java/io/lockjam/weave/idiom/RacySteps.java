// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.Map;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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

    static final class Helped implements Idiom {
        private final Map<String, Object> loaded = new ConcurrentHashMap<>();

        @Override
        public void step(int thread) {
            find("a");
            if (thread == 0) {
                loaded.clear();
            }
        }

        private Object find(String name) {
            Object found = loaded.get(name);
            return found == null ? load(name) : found;
        }

        Object load(String name) {
            Object made = new Object();
            loaded.put(name, made);
            return made;
        }
    }

    /** Behind an interface and a facade, as the session of a servlet. */
    static final class Stored implements Idiom {
        private final Store session = new Facade();

        @Override
        public void step(int thread) {
            Integer old = (Integer) session.getAttribute("a");
            session.setAttribute("a", old == null ? 1 : old + 1);
        }
    }

    interface Store {
        @Nullable
        Object getAttribute(String name);

        void setAttribute(String name, Object value);
    }

    private static final class Kept implements Store {
        private final Map<String, Object> all = new ConcurrentHashMap<>();

        @Override
        public @Nullable Object getAttribute(String name) {
            return all.get(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            all.put(name, value);
        }
    }

    static final class Facade implements Store {
        private final Store kept = new Kept();

        @Override
        public @Nullable Object getAttribute(String name) {
            return kept.getAttribute(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            kept.setAttribute(name, value);
        }
    }

    /** Two calls of another object, each of them ordered. */
    static final class Accounted implements Idiom {
        private final Account account = new Account();

        @Override
        public void step(int thread) {
            account.setTotal(account.getTotal() + 1);
            account.setOwner(account.getOwner().substring(0, 1).concat("a"));
        }
    }

    static final class Account {
        private long total;
        private volatile String owner = "a";

        synchronized long getTotal() {
            return total;
        }

        synchronized void setTotal(long now) {
            total = now;
        }

        String getOwner() {
            return owner;
        }

        void setOwner(String now) {
            owner = now;
        }
    }
}
