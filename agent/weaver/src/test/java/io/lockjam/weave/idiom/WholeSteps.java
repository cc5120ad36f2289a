// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Looks and changes that nobody comes between, or that do no harm if somebody does. */
final class WholeSteps {
    private WholeSteps() {}

    static Map<String, Idiom> all() {
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("volatile counter of one thread", new OneWriter());
        all.put("volatile counter under locks", new Locked());
        all.put("keys of their own", new OwnKeys());
        all.put("one call", new OneCall());
        all.put("two calls under the collection's lock", new UnderItsLock());
        all.put("volatile flag that all set", new Flagged());
        all.put("atomic variables in one step", new InOneStep());
        all.put("method references", new Referring());
        all.put("attributes of a thread's own", new OwnAttributes());
        all.put("properties of a thread's own", new OwnProperties());
        all.put("helpers that look again", new Helping());
        return all;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // of one thread
    private static final class OneWriter implements Idiom {
        private volatile long written;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                written++;
            } else if (written < 0) {
                throw new IllegalStateException();
            }
        }
    }

    private static final class Locked implements Idiom {
        private final ReentrantLock lock = new ReentrantLock();
        private volatile int count;
        private volatile Object made;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
        public void step(int thread) {
            lock.lock();
            try {
                count++;
                if (count > 100) {
                    count = 0;
                    made = null;
                }
            } finally {
                lock.unlock();
            }
            make();
        }

        private Object make() {
            Object seen = made;
            if (seen == null) {
                synchronized (this) {
                    if (made == null) {
                        made = new Object();
                    }
                    seen = made;
                }
            }
            return seen;
        }
    }

    private static final class OwnKeys implements Idiom {
        private final Map<Integer, Integer> counts = new ConcurrentHashMap<>();

        @Override
        public void step(int thread) {
            Integer old = counts.get(thread);
            counts.put(thread, old == null ? 1 : old + 1);
        }
    }

    private static final class OneCall implements Idiom {
        private final Map<String, Integer> counts = new ConcurrentHashMap<>();

        @Override
        public void step(int thread) {
            if (!counts.containsKey("a")) {
                counts.putIfAbsent("a", thread);
            }
            counts.merge("a", 1, Integer::sum);
            if (counts.getOrDefault("a", 0) > 100) {
                counts.remove("a");
            }
        }
    }

    private static final class UnderItsLock implements Idiom {
        private final Vector<Integer> free = new Vector<>();
        private final Map<String, Integer> map = Collections.synchronizedMap(new HashMap<>());

        @Override
        public void step(int thread) {
            synchronized (map) {
                Integer old = map.get("a");
                map.put("a", old == null ? 1 : old + 1);
            }
            free.add(thread);
            synchronized (free) {
                if (!free.isEmpty()) {
                    free.remove(free.size() - 1);
                }
            }
        }
    }

    private static final class Flagged implements Idiom {
        private volatile boolean busy;
        private volatile int last;

        @Override
        public void step(int thread) {
            if (!busy) {
                busy = true;
            }
            if (last != thread) {
                last = thread;
            }
            if (thread == 0) {
                busy = false;
            }
        }
    }

    private static final class InOneStep implements Idiom {
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicReference<Object> made = new AtomicReference<>();
        private final AtomicIntegerArray perThread = new AtomicIntegerArray(64);

        @Override
        public void step(int thread) {
            left.getAndUpdate(old -> old > 0 ? old - 1 : 100);
            if (left.get() > 0 && left.decrementAndGet() < 0) {
                left.incrementAndGet();
            }
            if (made.get() == null) {
                made.compareAndSet(null, new Object());
            }
            if (thread == 0) {
                made.set(null);
            }
            perThread.set(thread, perThread.get(thread) + 1);
            synchronized (this) {
                if (left.get() == 7) {
                    left.set(left.get() + 1);
                }
            }
        }
    }

    private static final class Referring implements Idiom {
        private final List<Object> all = Collections.synchronizedList(new ArrayList<>());
        private final Deque<Object> shared = new ArrayDeque<>();
        private final Map<Object, Object> known = new HashMap<>(Map.of(1, "a"));

        @Override
        public void step(int thread) {
            List<Object> own = new ArrayList<>();
            Deque<Object> stack = new ArrayDeque<>();
            Map<Object, Object> copy = new HashMap<>();
            StringBuilder text = new StringBuilder();
            known.forEach(copy::put);
            List.of(1, 2, 3).forEach(own::add);
            own.forEach(stack::push);
            own.forEach(text::append);
            own.stream().map(known::get).filter(copy::containsKey).forEach(stack::addLast);
            own.forEach(all::add);
            all.clear();
            synchronized (shared) {
                own.forEach(shared::offer);
                own.removeIf(shared::remove);
                shared.clear();
            }
            if (copy.size() != 1 || stack.size() != 3 || text.length() != 3 || !own.isEmpty()) {
                throw new IllegalStateException();
            }
        }
    }

    /** Leads each thread to another object, whatever else it has by that name. */
    private static final class OwnAttributes implements Idiom, RacySteps.Store {
        private final ThreadLocal<RacySteps.Store> current = ThreadLocal.withInitial(RacySteps.Facade::new);
        private final RacySteps.Store locked = new RacySteps.Facade();
        private final Map<String, Object> defaults = new ConcurrentHashMap<>(Map.of("a", 0));

        @Override
        public void step(int thread) {
            Integer old = (Integer) getAttribute("a");
            setAttribute("a", (old == null ? 1000 : old) + 1);
            synchronized (locked) {
                Integer seen = (Integer) locked.getAttribute("a");
                locked.setAttribute("a", seen == null ? 1 : seen + 1);
            }
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            Object own = current.get().getAttribute(name);
            return own == null ? defaults.get(name) : own;
        }

        @Override
        public void setAttribute(String name, Object value) {
            current.get().setAttribute(name, value);
        }
    }

    /** One object that leads each thread to another, and one that is changed under its lock. */
    private static final class OwnProperties implements Idiom {
        private final ThreadLocal<RacySteps.Account> current = ThreadLocal.withInitial(RacySteps.Account::new);
        private final RacySteps.Account locked = new RacySteps.Account();

        long getTotal() {
            return current.get().getTotal();
        }

        synchronized void setTotal(long now) {
            current.get().setTotal(now);
        }

        @Override
        public void step(int thread) {
            OwnProperties self = this;
            self.setTotal(self.getTotal() + 1);
            synchronized (locked) {
                locked.setTotal(locked.getTotal() + 1);
                locked.setOwner(locked.getOwner().substring(0, 1).concat("b"));
            }
        }
    }

    /** The method that changes is another one in the class of the object. */
    private static class Loading {
        final Map<String, Object> loaded = new ConcurrentHashMap<>();

        Object find(String name) {
            Object found = loaded.get(name);
            return found == null ? load(name) : found;
        }

        Object load(String name) {
            Object made = new Object();
            loaded.put(name, made);
            return made;
        }
    }

    private static final class Helping extends Loading implements Idiom {
        @Override
        public void step(int thread) {
            find("a");
            if (loaded.containsKey("b") || thread == 0) {
                loaded.clear();
            } else {
                loadOnce("b");
            }
        }

        private void loadOnce(String name) {
            loaded.putIfAbsent(name, name);
        }

        @Override
        synchronized Object load(String name) {
            Object found = loaded.get(name);
            if (found == null) {
                found = new Object();
                loaded.put(name, found);
            }
            return found;
        }
    }
}
