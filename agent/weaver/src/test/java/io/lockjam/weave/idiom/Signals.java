// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Correct sharing by signs that threads give each other, and under locks that are chosen: nothing here may be reported. */
final class Signals {
    private Signals() {}

    static Map<String, Idiom> all() throws Exception {
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("striped", new Striped());
        all.put("updater", new Updated());
        all.put("lazy-set", new LazilySet());
        all.put("reference-array", new Shelved());
        all.put("treiber-stack", new Stacked());
        all.put("snapshot", new Snapshots());
        all.put("record", new Recorded());
        all.put("enum", thread -> Singleton.INSTANCE.look());
        all.put("downgrade", new Downgraded());
        all.put("interrupt", new Interrupted());
        all.put("handler", new Handled());
        all.put("pipe", new Piped());
        all.put("wrapped-list", new WrappedList());
        all.put("taken-under-lock", new TakenUnderLock());
        return all;
    }

    private static final class Striped implements Idiom {
        private final ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock(), new ReentrantLock()};
        private final List<Map<Integer, Integer>> maps = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
        private final int[] counts = new int[3];
        private int round;

        @Override
        public void step(int thread) {
            int stripe;
            synchronized (this) {
                stripe = round++ % locks.length;
            }
            locks[stripe].lock();
            try {
                maps.get(stripe).put(thread, stripe);
                counts[stripe]++;
            } finally {
                locks[stripe].unlock();
            }
        }
    }

    /** A lock made of a volatile field and its updater. */
    private static final class Updated implements Idiom {
        private static final AtomicIntegerFieldUpdater<Updated> TAKEN =
                AtomicIntegerFieldUpdater.newUpdater(Updated.class, "taken");
        private volatile int taken;
        private int count;

        @Override
        public void step(int thread) {
            if (TAKEN.compareAndSet(this, 0, 1)) {
                count++;
                taken = 0;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static final class LazilySet implements Idiom {
        private final AtomicInteger turn = new AtomicInteger();
        private long sum;

        @Override
        public void step(int thread) {
            if (turn.get() == thread) {
                sum += thread;
                turn.lazySet((thread + 1) % THREADS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Shelved implements Idiom {
        private final AtomicReferenceArray<@Nullable List<Integer>> shelves = new AtomicReferenceArray<>(2);

        Shelved() {
            shelves.set(0, new ArrayList<>());
            shelves.set(1, new ArrayList<>());
        }

        @Override
        public void step(int thread) {
            int shelf = thread & 1;
            List<Integer> mine = shelves.getAndSet(shelf, null);
            if (mine != null) {
                mine.add(thread);
                if (mine.size() > 50) {
                    mine.clear();
                }
                shelves.set(shelf, mine);
            }
        }
    }

    /** Nodes are linked by plain fields, written before they can be seen. */
    private static final class Stacked implements Idiom {
        private static final class Node {
            private int value;
            private @Nullable Node next;
        }

        private final AtomicReference<@Nullable Node> top = new AtomicReference<>();

        @Override
        public void step(int thread) {
            Node mine = new Node();
            mine.value = thread;
            Node seen = top.get();
            mine.next = seen;
            while (!top.compareAndSet(seen, mine)) {
                seen = top.get();
                mine.next = seen;
            }
            int depth = 0;
            for (Node at = top.get(); at != null; at = at.next) {
                depth += at.value >= 0 ? 1 : 0;
            }
            if (depth > 20) {
                top.set(null);
            }
        }
    }

    private static final class Snapshots implements Idiom {
        private volatile Map<Integer, Integer> current = Map.of();

        @Override
        public void step(int thread) {
            if (thread == 0) {
                Map<Integer, Integer> next = new HashMap<>(current);
                next.merge(next.size() & 7, 1, Integer::sum);
                current = Collections.unmodifiableMap(next);
            } else {
                int sum = 0;
                for (Map.Entry<Integer, Integer> each : current.entrySet()) {
                    sum += each.getValue();
                }
                if (sum < 0) {
                    throw new IllegalStateException();
                }
            }
        }
    }

    private static final class Recorded implements Idiom {
        private record Point(int x, List<Integer> more) {}

        private final AtomicReference<Point> point = new AtomicReference<>(new Point(0, List.of()));

        @Override
        public void step(int thread) {
            Point next = point.updateAndGet(seen -> new Point(seen.x() + 1, List.of(thread)));
            if (next.more().isEmpty()) {
                throw new IllegalStateException();
            }
        }
    }

    private enum Singleton {
        INSTANCE;

        private int value;
        private final List<Integer> values = new ArrayList<>();

        Singleton() {
            value = 3;
            values.add(value);
        }

        void look() {
            if (value != 3 || values.get(0) != 3) {
                throw new IllegalStateException();
            }
        }
    }

    private static final class Downgraded implements Idiom {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private int value;

        @Override
        public void step(int thread) {
            lock.writeLock().lock();
            try {
                value++;
                lock.readLock().lock();
            } finally {
                lock.writeLock().unlock();
            }
            try {
                if (value == 0) {
                    throw new IllegalStateException();
                }
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    private static final class Interrupted implements Idiom {
        private static final class Work {
            private int input;
            private int output;

            void run() {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                output = input + 1;
            }
        }

        @Override
        public void step(int thread) throws InterruptedException {
            Work work = new Work();
            Thread worker = new Thread(work::run);
            worker.start();
            work.input = thread;
            worker.interrupt();
            worker.join();
            if (work.output != thread + 1) {
                throw new IllegalStateException();
            }
            Thread.sleep(1);
        }
    }

    /** The last words of a thread, heard by its handler. */
    private static final class Handled implements Idiom {
        private static final class Report {
            private int stage;
            private final StringBuilder text = new StringBuilder();

            void fail() {
                stage = 1;
                text.append("failed");
                throw new IllegalStateException("expected");
            }
        }

        @Override
        public void step(int thread) throws InterruptedException {
            Report report = new Report();
            Thread worker = new Thread(report::fail);
            CountDownLatch heard = new CountDownLatch(1);
            worker.setUncaughtExceptionHandler((dead, why) -> {
                report.stage++;
                heard.countDown();
            });
            worker.start();
            heard.await();
            worker.join();
            report.text.append(report.stage);
            Thread.sleep(1);
        }
    }

    /** One thread writes a byte when its data is ready, the other answers when it has used it. */
    private static final class Piped implements Idiom {
        private final Pipe there = Pipe.open();
        private final Pipe back = Pipe.open();
        private int data;

        Piped() throws Exception {}

        @Override
        public void step(int thread) throws Exception {
            if (thread == 0) {
                data++;
                there.sink().write(ByteBuffer.wrap(new byte[1]));
                back.source().read(ByteBuffer.allocate(1));
            } else if (thread == 1) {
                there.source().read(ByteBuffer.allocate(1));
                data++;
                back.sink().write(ByteBuffer.wrap(new byte[1]));
            } else {
                Thread.sleep(1);
            }
        }
    }

    /** Used by itself, and run over under its own lock, also through views. */
    private static final class WrappedList implements Idiom {
        private final List<Integer> list = Collections.synchronizedList(new ArrayList<>());
        private final List<Integer> view = Collections.unmodifiableList(list);

        @Override
        public void step(int thread) {
            list.add(thread);
            if (view.size() > 50) {
                list.clear();
            }
            int sum = 0;
            synchronized (list) {
                for (int each : view) {
                    sum += each;
                }
                for (int each : list) {
                    sum += each;
                }
            }
            if (sum < 0) {
                throw new IllegalStateException();
            }
        }
    }

    /** All of it is taken at once, under the lock of what it goes into, or under its own. */
    @SuppressWarnings("JdkObsolete") // it is about that class
    private static final class TakenUnderLock implements Idiom {
        private final List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
        private final Vector<Integer> all = new Vector<>();

        @Override
        public void step(int thread) {
            if (thread == 0) {
                synchronized (all) {
                    list.set(1, all.size());
                    all.clear();
                }
            } else if (thread == 1) {
                all.addAll(list);
            } else {
                synchronized (all) {
                    List<Integer> copy = new ArrayList<>(list);
                    copy.add(list.stream().mapToInt(each -> each).sum());
                }
            }
        }
    }
}
