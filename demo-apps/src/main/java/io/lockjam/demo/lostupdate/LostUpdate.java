// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.lostupdate;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.LongAdder;

/**
 * Five tills each add one to a shared counter, 50,000 times in a row and again, without a lock.
 *
 * <p>Lockjam reports: data-race (lost update) on {@code LostUpdate.ticketsSold}, both threads in {@code LostUpdate.sell}.
 * The cure: add under a lock.
 */
public final class LostUpdate {
    private static final int TILLS = 5;
    /** A thousand hardly ever collide: a till is done with them before the next one starts. */
    private static final int TICKETS_IN_A_ROW = 50_000;

    private long ticketsSold;
    private final LongAdder ticketsPrinted = new LongAdder();

    private LostUpdate() {}

    public static void run(Stage stage) throws InterruptedException {
        LostUpdate cinema = new LostUpdate();
        stage.loops("till", TILLS, () -> {
            for (int i = 0; i < TICKETS_IN_A_ROW; i++) {
                if (stage.fixed()) {
                    cinema.sellLocked();
                } else {
                    cinema.sell();
                }
            }
            cinema.ticketsPrinted.add(TICKETS_IN_A_ROW);
            Work.remoteCall(10);
        });
        stage.report(
                () -> cinema.ticketsPrinted + " tickets printed", "sales lost from the count so far", cinema::lost);
    }

    private void sell() {
        ticketsSold++;
    }

    private synchronized void sellLocked() {
        ticketsSold++;
    }

    /** Printed is read first, so tickets on their way do not count as lost. */
    private synchronized long lost() {
        long printed = ticketsPrinted.sum();
        return printed - ticketsSold;
    }
}
