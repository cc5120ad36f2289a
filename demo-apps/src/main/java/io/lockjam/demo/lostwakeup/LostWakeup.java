// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.lostwakeup;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A guest looks whether the meal is ready, now and then looks at the menu, then waits for the pager; it may have rung in
 * between, and it rings once. The head waiter sends those home who have sat for six seconds, so that the trouble is steady.
 *
 * <p>Lockjam reports: lost-wakeup on a {@code LostWakeup.Pager}, waited for in {@code Pager.awaitRing}, given in
 * {@code Pager.ring}. The cure: look and wait under the same lock, in a loop.
 */
public final class LostWakeup {
    private static final int GUESTS = 8;
    private static final int ONE_IN = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final ArrayBlockingQueue<Pager> kitchen = new ArrayBlockingQueue<>(GUESTS);
    private final List<Guest> guests = new ArrayList<>();
    private final LongAdder meals = new LongAdder();

    private LostWakeup() {}

    public static void run(Stage stage) throws InterruptedException {
        LostWakeup restaurant = new LostWakeup();
        for (int i = 1; i <= GUESTS; i++) {
            Guest guest = restaurant.new Guest();
            restaurant.guests.add(guest);
            guest.thread = stage.loop("guest-" + i, () -> guest.visit(stage));
        }
        stage.loop("kitchen", restaurant::cook);
        stage.every(Duration.ofMillis(500), "head-waiter", restaurant::sendHome);
        stage.report(
                () -> restaurant.meals + " meals eaten", "guests waiting for a meal that is ready", restaurant::stuck);
    }

    private void cook() throws InterruptedException {
        Pager pager = kitchen.take();
        Work.remoteCall(2);
        pager.ring();
    }

    private void sendHome() {
        for (Guest guest : guests) {
            Thread thread = guest.thread;
            if (guest.isStuck(PATIENCE) && thread != null) {
                thread.interrupt();
            }
        }
    }

    private long stuck() {
        return guests.stream()
                .filter(guest -> guest.isStuck(Duration.ofSeconds(1)))
                .count();
    }

    /** One guest after another on the same chair. */
    private final class Guest {
        private volatile @Nullable Thread thread;
        private volatile Pager pager = new Pager();

        private void visit(Stage stage) throws InterruptedException {
            try {
                eat(stage.fixed());
            } catch (InterruptedException sentHome) {
                if (stage.ended()) {
                    throw sentHome;
                }
            }
        }

        private void eat(boolean safely) throws InterruptedException {
            Pager mine = new Pager();
            pager = mine;
            kitchen.put(mine);
            if (safely) {
                mine.awaitMeal();
            } else if (!mine.isReady()) {
                if (ThreadLocalRandom.current().nextInt(ONE_IN) == 0) {
                    Work.remoteCall(60); // looks at the menu: the ring is lost if it comes now
                }
                mine.awaitRing();
            }
            pager = new Pager();
            meals.increment();
            Work.remoteCall(20); // eats
        }

        private boolean isStuck(Duration least) {
            return pager.readyFor().compareTo(least) >= 0;
        }
    }

    /** Rings once when the meal is ready. */
    private static final class Pager {
        private boolean ready;
        private long rangAt;

        synchronized boolean isReady() {
            return ready;
        }

        synchronized void ring() {
            ready = true;
            rangAt = System.nanoTime();
            notifyAll();
        }

        /** How long the meal has been ready; zero if it is not. */
        synchronized Duration readyFor() {
            return ready ? Duration.ofNanos(System.nanoTime() - rangAt) : Duration.ZERO;
        }

        @SuppressWarnings("WaitNotInLoop") // the defect: nobody looks again under the lock
        synchronized void awaitRing() throws InterruptedException {
            wait();
        }

        synchronized void awaitMeal() throws InterruptedException {
            while (!ready) {
                wait();
            }
        }
    }
}
