// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Each of these has a data race; its name is the field, array or call that must be reported. */
public final class Racy {
    private Racy() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("counter", new Counter());
        all.put("statics", thread -> Statics.add());
        all.put("elements", new Elements());
        all.put("lazy", new Lazy());
        all.put("doubleChecked", new DoubleChecked());
        all.put("flag", new Flag());
        all.put("published", new Publication());
        all.put("balance", new Account());
        all.put("wrongLock", new WrongLock());
        all.put("halfLocked", new HalfLocked());
        all.put("wide", new Wide());
        all.put("map", new SharedMap());
        all.put("list", new SharedList());
        all.put("format", new SharedFormat());
        all.put("builder", new SharedBuilder());
        all.put("iterated", new Iterated());
        all.put("set", new SharedSet());
        all.put("lru", new Lru());
        all.put("slow", new Slow());
        all.put("hash", new Cached());
        all.put("view", new RacyWrappers.Viewed());
        all.put("wrapper", new RacyWrappers.Wrapped());
        all.put("overridden", new RacyWrappers.Overridden());
        all.put("taken", new RacyWrappers.Taken());
        all.put("positioned", new RacyWrappers.Positioned());
        all.put("drawn", new RacyWrappers.Drawn());
        all.put("compound", new RacySteps.Compound());
        all.put("called", new RacySteps.Called());
        all.put("atomic", new RacySteps.Atomic());
        all.put("stored", new RacySteps.Stored());
        all.put("accounted", new RacySteps.Accounted());
        all.put("helped", new RacySteps.Helped());
        all.put("referred", new RacyWrappers.Referred());
        all.put("nested", new RacyWrappers.Nested());
        Idiom.runAll(all);
        Thread.sleep(600_000);
    }

    private static final class Counter implements Idiom {
        private int count;

        @Override
        public void step(int thread) {
            count++;
        }
    }

    private static final class Statics {
        private static long total;

        static void add() {
            total += 2;
        }
    }

    private static final class Elements implements Idiom {
        private final int[] slots = new int[2];

        @Override
        public void step(int thread) {
            slots[1]++;
        }
    }

    private static final class Lazy implements Idiom {
        private Object instance;

        @Override
        public void step(int thread) {
            if (instance == null) {
                instance = new Object();
            }
            if (thread == 0) {
                instance = null;
            }
        }
    }

    private static final class DoubleChecked implements Idiom {
        private Object guarded;

        @Override
        public void step(int thread) {
            if (guarded == null) {
                synchronized (this) {
                    if (guarded == null) {
                        guarded = new Object();
                    }
                }
            }
            if (thread == 0) {
                drop();
            }
        }

        private synchronized void drop() {
            guarded = null;
        }
    }

    private static final class Flag implements Idiom {
        private boolean stopped;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                stop();
            } else {
                run();
            }
        }

        private void stop() {
            stopped = true;
        }

        private void run() {
            int rounds = 0;
            while (!stopped && rounds < 1_000) {
                rounds++;
            }
        }
    }

    private static final class Publication implements Idiom {
        private StringBuffer message;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                publish();
            } else {
                read();
            }
        }

        private void publish() {
            message = new StringBuffer("hello");
        }

        private int read() {
            StringBuffer seen = message;
            return seen == null ? 0 : seen.length();
        }
    }

    private static final class Account implements Idiom {
        private int balance = 100;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                withdraw(1);
            } else {
                withdraw(-1);
            }
        }

        private void withdraw(int amount) {
            if (balance >= amount) {
                balance = balance - amount;
            }
        }
    }

    private static final class WrongLock implements Idiom {
        private final ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock(), new ReentrantLock()};
        private int value;

        @Override
        public void step(int thread) {
            locks[thread].lock();
            try {
                value++;
            } finally {
                locks[thread].unlock();
            }
        }
    }

    private static final class HalfLocked implements Idiom {
        private int value;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                write();
            } else {
                read();
            }
        }

        private synchronized void write() {
            value++;
        }

        private int read() {
            return value;
        }
    }

    private static final class Wide implements Idiom {
        private double sum;
        private final long[] longs = new long[1];

        @Override
        public void step(int thread) {
            sum = sum + thread;
            longs[0] = longs[0] + 1;
        }
    }

    private static final class SharedMap implements Idiom {
        private final Map<Integer, Integer> map = new HashMap<>();

        @Override
        public void step(int thread) {
            if (map.size() < 8) {
                map.put(thread, thread);
            }
            map.get(2);
        }
    }

    private static final class SharedList implements Idiom {
        private List<Integer> list = new ArrayList<>();

        @Override
        public void step(int thread) {
            try {
                list.add(thread);
                if (list.size() > 100) {
                    list.clear();
                }
            } catch (RuntimeException broken) {
                list = new ArrayList<>();
            }
        }
    }

    private static final class SharedFormat implements Idiom {
        private final SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd");

        @Override
        public void step(int thread) {
            try {
                format.format(new Date(thread * 1_000_000_000L));
            } catch (RuntimeException broken) {
                Thread.onSpinWait();
            }
        }
    }

    private static final class SharedBuilder implements Idiom {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void step(int thread) {
            try {
                text.append('x');
                if (text.length() > 1_000) {
                    text.setLength(0);
                }
            } catch (RuntimeException broken) {
                Thread.onSpinWait();
            }
        }
    }

    /** One thread changes the map while others run over it. */
    private static final class Iterated implements Idiom {
        private final Map<Integer, Integer> map = new HashMap<>(Map.of(1, 1, 2, 2, 3, 3));

        @Override
        public void step(int thread) {
            if (thread == 0) {
                change();
            } else {
                sum();
            }
        }

        private void change() {
            map.put(4, 4);
            map.remove(4);
        }

        private int sum() {
            int sum = 0;
            try {
                for (int each : map.values()) {
                    sum += each;
                }
            } catch (RuntimeException broken) {
                Thread.onSpinWait();
            }
            return sum;
        }
    }

    private static final class SharedSet implements Idiom {
        private final Set<Integer> set = new HashSet<>();

        @Override
        public void step(int thread) {
            set.add(thread);
            set.contains(1);
        }
    }

    /** Inherits what changes it. */
    private static final class Lru implements Idiom {
        private final Map<Integer, Integer> cache = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
                return size() > 20;
            }
        };

        @Override
        public void step(int thread) {
            try {
                if (cache.get(thread) == null) {
                    cache.put(thread, thread);
                }
            } catch (RuntimeException broken) {
                Thread.onSpinWait();
            }
        }
    }

    /** Meets once in a few milliseconds only. */
    private static final class Slow implements Idiom {
        private int rare;

        @Override
        public void step(int thread) throws Exception {
            Thread.sleep(2);
            rare++;
        }
    }

    private static final class Cached implements Idiom {
        private int hash;

        @Override
        public void step(int thread) {
            code();
            if (thread == 2) {
                hash = 0;
            }
        }

        private int code() {
            int code = hash;
            if (code == 0) {
                code = toString().length() * 31;
                hash = code;
            }
            return code;
        }
    }
}
