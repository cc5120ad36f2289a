// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.busywait;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A picker looks at a conveyor belt again and again until a parcel is there, and burns a core doing so.
 *
 * <p>Lockjam reports: busy-wait, thread {@code picker}, in {@code BusyWait.look}. The cure: a blocking queue; the picker
 * sleeps until a parcel comes.
 */
public final class BusyWait {
    /** Then the method returns and is called again. */
    private static final int LOOKS_PER_CALL = 20_000;

    private final BlockingQueue<Integer> belt = new ArrayBlockingQueue<>(10);
    private final LongAdder picked = new LongAdder();
    private final LongAdder inVain = new LongAdder();
    private volatile boolean parcelThere;
    private long reported;

    private BusyWait() {}

    public static void run(Stage stage) throws InterruptedException {
        BusyWait warehouse = new BusyWait();
        stage.every(Duration.ofMillis(10), "belt", () -> {
            if (stage.fixed()) {
                warehouse.belt.put(1);
            } else {
                warehouse.parcelThere = true;
            }
        });
        stage.loop("picker", stage.fixed() ? warehouse::await : warehouse::look);
        stage.report(
                () -> warehouse.picked + " parcels picked", "looks in vain this second", warehouse::inVainSinceLast);
    }

    private void look() throws InterruptedException {
        int looks = 0;
        while (!parcelThere && looks < LOOKS_PER_CALL) {
            Thread.onSpinWait();
            looks++;
        }
        inVain.add(looks);
        if (parcelThere) {
            parcelThere = false;
            pick();
        }
    }

    private void await() throws InterruptedException {
        belt.take();
        pick();
    }

    private void pick() throws InterruptedException {
        Work.compute(500);
        picked.increment();
    }

    private long inVainSinceLast() {
        long now = inVain.sum();
        long since = now - reported;
        reported = now;
        return since;
    }
}
