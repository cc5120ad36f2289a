// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Correct sharing by handing over: nothing here may be reported. */
final class HandOffs {
    private HandOffs() {}

    static Map<String, Idiom> all() throws ReflectiveOperationException {
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("volatile", new Published());
        all.put("var-handle", new Released());
        all.put("atomic-reference", new Swapped());
        all.put("array-queue", new Queued(new ArrayBlockingQueue<>(4)));
        all.put("linked-queue", new Queued(new LinkedBlockingQueue<>(4)));
        all.put("synchronous-queue", new Queued(new SynchronousQueue<>()));
        all.put("concurrent-queue", new Polled());
        all.put("exchanger", new Exchanged());
        all.put("phaser", new Phased());
        all.put("barrier", new Barred());
        all.put("latch", new Latched());
        all.put("park", new Parked());
        return all;
    }

    /** Something with state that is not safe by itself. */
    private static final class Parcel {
        private int content;
        private final List<Integer> items = new ArrayList<>();
        private final StringBuilder label = new StringBuilder();
        private final int[] numbers = new int[2];

        Parcel fill(int thread) {
            content += thread;
            items.add(thread);
            label.append(thread);
            numbers[1]++;
            return this;
        }

        int empty() {
            int sum = content + items.size() + label.length() + numbers[1];
            content = 0;
            items.clear();
            label.setLength(0);
            numbers[1] = 0;
            return sum;
        }

        int look() {
            return content + items.size() + label.length() + numbers[1];
        }
    }

    private static final class Published implements Idiom {
        private volatile Parcel parcel = new Parcel();

        @Override
        public void step(int thread) {
            if (thread == 0) {
                parcel = new Parcel().fill(1);
            } else {
                parcel.look();
            }
        }
    }

    /** Two threads take turns, ordered by release and acquire alone. */
    private static final class Released implements Idiom {
        private static final VarHandle TURN;

        static {
            try {
                TURN = MethodHandles.lookup().findVarHandle(Released.class, "turn", int.class);
            } catch (ReflectiveOperationException missing) {
                throw new ExceptionInInitializerError(missing);
            }
        }

        private int turn;
        private long data;
        private final Parcel parcel = new Parcel();

        @Override
        public void step(int thread) {
            int expected = (int) TURN.getAcquire(this);
            if (expected == thread) {
                data++;
                parcel.empty();
                parcel.fill(thread);
                TURN.setRelease(this, (thread + 1) % THREADS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Swapped implements Idiom {
        private final AtomicReference<Parcel> shelf = new AtomicReference<>(new Parcel());

        @Override
        public void step(int thread) {
            Parcel mine = shelf.getAndSet(null);
            if (mine != null) {
                mine.empty();
                mine.fill(thread);
                shelf.set(mine);
            }
        }
    }

    private static final class Queued implements Idiom {
        private final BlockingQueue<Parcel> queue;
        private final BlockingQueue<Parcel> back = new ArrayBlockingQueue<>(16);

        Queued(BlockingQueue<Parcel> queue) {
            this.queue = queue;
        }

        @Override
        public void step(int thread) throws InterruptedException {
            if (thread == 0) {
                Parcel parcel = back.poll();
                queue.put((parcel == null ? new Parcel() : parcel).fill(thread));
            } else {
                Parcel parcel = queue.poll(1, TimeUnit.MILLISECONDS);
                if (parcel != null) {
                    parcel.empty();
                    back.offer(parcel);
                }
            }
        }
    }

    private static final class Polled implements Idiom {
        private final Queue<Parcel> queue = new ConcurrentLinkedQueue<>(List.of(new Parcel(), new Parcel()));

        @Override
        public void step(int thread) {
            Parcel parcel = queue.poll();
            if (parcel != null) {
                parcel.empty();
                parcel.fill(thread);
                queue.add(parcel);
            }
        }
    }

    private static final class Exchanged implements Idiom {
        private final Exchanger<Parcel> exchanger = new Exchanger<>();
        private final ThreadLocal<Parcel> mine = ThreadLocal.withInitial(Parcel::new);

        @Override
        public void step(int thread) throws InterruptedException {
            Parcel parcel = mine.get();
            parcel.empty();
            parcel.fill(thread);
            try {
                mine.set(exchanger.exchange(parcel, 1, TimeUnit.MILLISECONDS));
            } catch (TimeoutException alone) {
                parcel.look();
            }
        }
    }

    private static final class Phased implements Idiom {
        private final Phaser phaser = new Phaser(THREADS);
        private final int[] parts = new int[THREADS];
        private final Parcel[] parcels = {new Parcel(), new Parcel(), new Parcel()};

        @Override
        public void step(int thread) {
            parts[thread]++;
            parcels[thread].fill(thread);
            phaser.arriveAndAwaitAdvance();
            int next = (thread + 1) % THREADS;
            if (parts[next] == 0) {
                throw new IllegalStateException();
            }
            parcels[next].empty();
            phaser.arriveAndAwaitAdvance();
        }
    }

    private static final class Barred implements Idiom {
        private final CyclicBarrier barrier = new CyclicBarrier(THREADS, this::turn);
        private final Parcel[] parcels = {new Parcel(), new Parcel(), new Parcel()};
        private int shift;

        @Override
        public void step(int thread) throws Exception {
            parcels[(thread + shift) % THREADS].fill(thread);
            barrier.await();
        }

        private void turn() {
            shift++;
            for (Parcel each : parcels) {
                each.empty();
            }
        }
    }

    private static final class Latched implements Idiom {
        @Override
        public void step(int thread) throws InterruptedException {
            CountDownLatch latch = new CountDownLatch(1);
            Parcel parcel = new Parcel();
            Thread other = new Thread(() -> {
                parcel.fill(1);
                latch.countDown();
            });
            other.start();
            latch.await();
            parcel.empty();
            other.join();
            Thread.sleep(1);
        }
    }

    /** A permit given before the park must still be there after a trap. */
    private static final class Parked implements Idiom {
        private volatile Thread waiter;
        private volatile boolean given;
        private int sum;

        @Override
        public void step(int thread) {
            if (thread == 0) {
                waiter = Thread.currentThread();
                while (!given) {
                    LockSupport.park(this);
                }
                sum++;
                given = false;
            } else if (thread == 1 && !given) {
                sum--;
                given = true;
                LockSupport.unpark(waiter);
            }
        }
    }
}
