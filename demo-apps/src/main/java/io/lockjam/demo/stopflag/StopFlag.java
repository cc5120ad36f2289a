// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.stopflag;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A dispatcher tells a route planner to stop by a plain boolean. The compiler reads it once before the loop, so the
 * planner plans on to the end of its round.
 *
 * <p>Lockjam reports: data-race (flag without volatile) on {@code StopFlag.stop}, written in {@code StopFlag.request},
 * read in {@code StopFlag.plan}. The cure: make the flag volatile.
 */
public final class StopFlag {
    /** About 0.1 s; a demo's round ends also when nobody sees the flag. */
    private static final int STEPS_PER_ROUND = 60_000_000;

    /** Of them, those after the moment up to which a request has to be seen. */
    private static final int LAST_STEPS = 1_000;

    private boolean stop;
    private volatile boolean safeStop;
    private final AtomicLong roundsBegun = new AtomicLong();
    private final LongAdder overlooked = new LongAdder();
    /** Guards what the demo itself counts with, not the flag. */
    private final Object count = new Object();

    private boolean planning;
    private boolean requested;
    private long requestedAt;

    @SuppressWarnings("UnusedVariable") // written so that the compiler does not leave the plan out
    private volatile long best;

    private StopFlag() {}

    public static void run(Stage stage) throws InterruptedException {
        StopFlag planner = new StopFlag();
        stage.loop("planner", () -> planner.round(stage.fixed()));
        stage.loop("dispatcher", () -> planner.dispatch(stage.fixed()));
        stage.report(
                () -> planner.roundsBegun + " rounds planned",
                "stop requests overlooked so far",
                planner.overlooked::sum);
    }

    private void round(boolean safely) throws InterruptedException {
        synchronized (count) {
            stop = false;
            safeStop = false;
            requested = false;
            planning = true;
            roundsBegun.incrementAndGet();
        }
        int steps = safely ? planSafely(STEPS_PER_ROUND - LAST_STEPS) : plan();
        long looked = System.nanoTime();
        steps += safely ? planSafely(LAST_STEPS) : 0;
        synchronized (count) {
            planning = false;
            boolean inTime = requested && requestedAt - looked < 0;
            if (inTime && steps == STEPS_PER_ROUND) {
                overlooked.increment();
            }
        }
        Work.remoteCall(100);
    }

    private int plan() {
        long route = 1;
        int step = 0;
        while (!stop && step < STEPS_PER_ROUND) {
            route = route * 31 + step;
            step++;
        }
        best = route;
        return step;
    }

    private int planSafely(int most) {
        long route = 1;
        int step = 0;
        while (!safeStop && step < most) {
            route = route * 31 + step;
            step++;
        }
        best = route;
        return step;
    }

    /** Asks once per round, when it has run for 10 ms. */
    private void dispatch(boolean safely) throws InterruptedException {
        long round = roundsBegun.get();
        Work.remoteCall(10);
        synchronized (count) {
            if (planning && roundsBegun.get() == round) {
                request(safely);
                requested = true;
                requestedAt = System.nanoTime();
            }
        }
        while (roundsBegun.get() == round) {
            Work.remoteCall(5);
        }
    }

    private void request(boolean safely) {
        if (safely) {
            safeStop = true;
        } else {
            stop = true;
        }
    }
}
