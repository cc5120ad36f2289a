// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.ArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Makes every path of the predicting probes run once on objects of our own before the application meets one. */
final class OrderRehearsal {
    private OrderRehearsal() {}

    static void run() {
        HappensBefore.start(new String[] {"io.lockjam.boot.OrderRehearsal"}, true);
        HappensBefore.judge();
        Order.rehearse();
        try {
            Object entry = Order.enter(OrderRehearsal.class);
            order();
            accesses();
            Order.thrown(entry);
        } finally {
            HappensBefore.end();
            Predict.reset();
            while (Traps.poll() != null) {
                Thread.onSpinWait();
            }
        }
    }

    private static void order() {
        Object monitor = new Object();
        Order.made(new int[1][1]);
        Order.acquire(monitor);
        Order.release(monitor);
        Order.release();
        Order.initialised(OrderRehearsal.class);
        Order.used(OrderRehearsal.class);
        Crossing lock = Order.leave(new ReentrantReadWriteLock().readLock());
        Order.go(lock);
        Order.exit(Order.enter());
        Order.back(lock);
        Runnable task = new Task();
        Order.foreign(task);
        Crossing future = Order.with(Order.leave(new FutureTask<>(task, monitor)), task);
        Order.go(future);
        Order.back(future);
        Thread thread = new Thread(task, "lockjam rehearsal");
        Crossing start = Order.leave(thread);
        Order.goStart(start, thread);
        Order.backStart(start);
        Order.back(start);
        Crossing list = Order.with(Order.leave(new ArrayList<>()), task);
        Order.result(list, monitor);
        Order.go(list);
        Order.caught();
    }

    private static final class Task implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("only named");
        }
    }

    private static void accesses() {
        Object target = new Object();
        Order.made(target);
        Predict.field(target, "rehearsal I", 1 | Use.WRITES);
        Predict.element(new int[1], 0, 2);
        Predict.staticField(OrderRehearsal.class, "io.lockjam.boot.OrderRehearsal.ours I", 3);
        Predict.call(new ArrayList<>().iterator(), "Iterator.next", 4 | Use.STEPS);
        Predict.unshared(target, "Connection.commit", 5 | Use.WRITES);
        Thread other = new Thread("lockjam rehearsal");
        Strand strand = new Strand(Long.MAX_VALUE, other);
        Spot.Note note = new Spot.Note(strand, 1, Use.WRITES, "rehearsal I", strand.path(1, "rehearsal I", true));
        Predict.rehearse(target, note);
    }
}
