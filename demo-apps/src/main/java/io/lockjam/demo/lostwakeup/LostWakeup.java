// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.lostwakeup;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A guest looks whether the meal is ready, looks at the menu, then waits for the pager; it may have rung in between, and
 * it rings once.
 *
 * <p>Lockjam reports: lost-wakeup on a {@code LostWakeup.Pager}, waited for in {@code Pager.awaitRing}, given in
 * {@code Pager.ring}. The cure: look and wait under the same lock, in a loop.
 */
public final class LostWakeup {
    private static final int GUESTS = 4;

    private final ArrayBlockingQueue<Pager> kitchen = new ArrayBlockingQueue<>(GUESTS);
    private final LongAdder meals = new LongAdder();
    private final AtomicInteger stuck = new AtomicInteger();

    private LostWakeup() {}

    public static void run(Stage stage) throws InterruptedException {
        LostWakeup restaurant = new LostWakeup();
        stage.loops("guest", GUESTS, () -> restaurant.eat(stage.fixed()));
        stage.loop("kitchen", restaurant::cook);
        stage.report(
                () -> restaurant.meals + " meals eaten",
                "guests waiting for a meal that is ready",
                restaurant.stuck::get);
    }

    private void cook() throws InterruptedException {
        Pager pager = kitchen.take();
        Work.remoteCall(1);
        pager.ring();
    }

    private void eat(boolean safely) throws InterruptedException {
        Pager pager = new Pager();
        kitchen.put(pager);
        if (safely) {
            pager.awaitMeal();
        } else if (!pager.isReady()) {
            Work.remoteCall(ThreadLocalRandom.current().nextLong(8)); // the ring is lost if it comes now
            pager.awaitRing(stuck);
        }
        meals.increment();
        Work.remoteCall(2); // eats
    }

    /** Rings once when the meal is ready. */
    private static final class Pager {
        private boolean ready;

        synchronized boolean isReady() {
            return ready;
        }

        synchronized void ring() {
            ready = true;
            notifyAll();
        }

        @SuppressWarnings("WaitNotInLoop") // the defect: nobody looks again under the lock
        synchronized void awaitRing(AtomicInteger stuck) throws InterruptedException {
            if (ready) {
                stuck.incrementAndGet(); // for the demo's own count: it rang, and will not ring again
            }
            wait();
        }

        synchronized void awaitMeal() throws InterruptedException {
            while (!ready) {
                wait();
            }
        }
    }
}
