// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Correct sharing under locks and by confinement: nothing here may be reported. */
final class Ordered {
    private Ordered() {}

    static Map<String, Idiom> all() {
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("synchronized-method", new SynchronizedMethod());
        all.put("synchronized-static", thread -> SynchronizedStatic.add());
        all.put("reentrant-lock", new Locked());
        all.put("read-write-lock", new ReadWrite());
        all.put("stamped-lock", new Stamped());
        all.put("semaphore", new Permits());
        all.put("spin-lock", new Spin());
        all.put("condition", new Bounded());
        all.put("wait-notify", new Monitored());
        all.put("synchronized-map", new Wrapped());
        all.put("concurrent-map", new Computed());
        all.put("locked-format", new LockedFormat());
        all.put("iterated-under-lock", new IteratedUnderLock());
        all.put("iterated-by-many", new IteratedByMany());
        all.put("synchronized-subclass", new SynchronizedCache());
        all.put("double-checked", new DoubleChecked());
        all.put("confined", new Confined());
        all.put("own-elements", new OwnElements());
        return all;
    }

    private static final class IteratedUnderLock implements Idiom {
        private final Map<Integer, Integer> map = Collections.synchronizedMap(new HashMap<>());

        @Override
        public void step(int thread) {
            map.put(thread, thread);
            synchronized (map) {
                for (Map.Entry<Integer, Integer> each : map.entrySet()) {
                    each.setValue(thread);
                }
            }
        }
    }

    /** Reads only, each thread with an iterator of its own. */
    private static final class IteratedByMany implements Idiom {
        private final Map<Integer, Integer> map = new HashMap<>(Map.of(1, 2, 3, 4));

        @Override
        public void step(int thread) {
            int sum = 0;
            for (int each : map.values()) {
                sum += each;
            }
            if (sum != 6) {
                throw new IllegalStateException("sum " + sum);
            }
        }
    }

    /** What it overrides has locks of its own. */
    private static final class SynchronizedCache extends LinkedHashMap<Integer, Integer> implements Idiom {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized @Nullable Integer put(Integer key, Integer value) {
            return super.put(key, value);
        }

        @Override
        public synchronized @Nullable Integer get(Object key) {
            return super.get(key);
        }

        @Override
        public void step(int thread) {
            put(thread, thread);
            get(1);
        }
    }

    private static final class SynchronizedMethod implements Idiom {
        private int count;
        private long sum;

        @Override
        public synchronized void step(int thread) {
            count++;
            sum += count;
        }
    }

    private static final class SynchronizedStatic {
        private static int count;

        static synchronized void add() {
            count++;
        }
    }

    private static final class Locked implements Idiom {
        private final ReentrantLock lock = new ReentrantLock();
        private final int[] slots = new int[1];
        private double sum;

        @Override
        public void step(int thread) {
            lock.lock();
            try {
                slots[0]++;
                sum += thread;
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class ReadWrite implements Idiom {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final Map<Integer, Integer> map = new HashMap<>();
        private int version;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                lock.writeLock().lock();
                try {
                    map.put(version & 7, version++);
                } finally {
                    lock.writeLock().unlock();
                }
            } else {
                lock.readLock().lock();
                try {
                    if (map.get(version & 7) != null) {
                        map.size();
                    }
                } finally {
                    lock.readLock().unlock();
                }
            }
        }
    }

    /** The point of the documentation of StampedLock, with an optimistic read. */
    private static final class Stamped implements Idiom {
        private final StampedLock lock = new StampedLock();
        private double x;
        private double y;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                move();
            } else {
                distance();
            }
        }

        private void move() {
            long stamp = lock.writeLock();
            try {
                x += 1;
                y += 1;
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        private double distance() {
            long stamp = lock.tryOptimisticRead();
            double atX = x;
            double atY = y;
            if (!lock.validate(stamp)) {
                stamp = lock.readLock();
                try {
                    atX = x;
                    atY = y;
                } finally {
                    lock.unlockRead(stamp);
                }
            }
            return Math.hypot(atX, atY);
        }
    }

    private static final class Permits implements Idiom {
        private final Semaphore one = new Semaphore(1);
        private int count;

        @Override
        public void step(int thread) throws InterruptedException {
            one.acquire();
            try {
                count++;
            } finally {
                one.release();
            }
        }
    }

    private static final class Spin implements Idiom {
        private final AtomicBoolean taken = new AtomicBoolean();
        private final Object one = new Object();
        private final Object other = new Object();
        private int count;

        @Override
        public void step(int thread) {
            while (!taken.compareAndSet(false, true)) {
                Thread.yield();
            }
            try {
                synchronized (thread == 0 ? one : other) {
                    synchronized (thread == 0 ? other : one) {
                        count++;
                    }
                }
            } finally {
                taken.set(false);
            }
        }
    }

    private static final class Bounded implements Idiom {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Object[] items = new Object[4];
        private int size;

        @Override
        public void step(int thread) throws InterruptedException {
            lock.lock();
            try {
                if (thread == 0) {
                    while (size == items.length) {
                        changed.await();
                    }
                    items[size++] = new Object();
                } else {
                    while (size == 0) {
                        changed.await();
                    }
                    items[--size] = null;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class Monitored implements Idiom {
        private int turn;
        private int made;

        @Override
        public synchronized void step(int thread) throws InterruptedException {
            while (turn != thread) {
                wait();
            }
            made++;
            turn = (turn + 1) % THREADS;
            notifyAll();
        }
    }

    private static final class Wrapped implements Idiom {
        private final Map<Integer, Integer> map = Collections.synchronizedMap(new HashMap<>());
        private final List<Integer> list = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void step(int thread) {
            map.put(thread, thread);
            list.add(thread);
            if (list.size() > 100) {
                list.clear();
            }
        }
    }

    private static final class Computed implements Idiom {
        private final Map<Integer, int[]> map = new ConcurrentHashMap<>();

        @Override
        public void step(int thread) {
            map.compute(1, (key, old) -> {
                int[] counts = old == null ? new int[1] : old;
                counts[0]++;
                return counts;
            });
        }
    }

    private static final class LockedFormat implements Idiom {
        private final SimpleDateFormat format = new SimpleDateFormat("yyyy");

        @Override
        public void step(int thread) {
            synchronized (format) {
                format.format(new Date(0));
            }
        }
    }

    private static final class DoubleChecked implements Idiom {
        private volatile Holder holder;

        private static final class Holder {
            private int value;

            Holder() {
                value = 7;
            }
        }

        @Override
        public void step(int thread) {
            Holder seen = holder;
            if (seen == null) {
                synchronized (this) {
                    seen = holder;
                    if (seen == null) {
                        seen = new Holder();
                        seen.value = 8;
                        holder = seen;
                    }
                }
            }
            if (seen.value == 0) {
                throw new IllegalStateException();
            }
            if (thread == 0) {
                holder = null;
            }
        }
    }

    private static final class Confined implements Idiom {
        private final ThreadLocal<List<Integer>> mine = ThreadLocal.withInitial(ArrayList::new);

        @Override
        public void step(int thread) {
            StringBuilder text = new StringBuilder().append(thread);
            List<Integer> list = mine.get();
            list.add(text.length());
            if (list.size() > 50) {
                list.clear();
            }
        }
    }

    private static final class OwnElements implements Idiom {
        private final long[] counts = new long[THREADS];
        private final Object[] last = new Object[THREADS];

        @Override
        public void step(int thread) {
            counts[thread]++;
            last[thread] = this;
        }
    }
}
