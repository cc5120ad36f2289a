// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.checkthenact;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Four agents sell the seats of a train: is one left? Then print the ticket and take it. Two of them see the same last
 * seat.
 *
 * <p>Lockjam reports: data-race (check-then-act) on {@code CheckThenAct.Train.seatsLeft}, both threads in {@code
 * Train.sell}. The cure: check and take under one lock.
 */
public final class CheckThenAct {
    private static final int AGENTS = 4;
    private static final int SEATS = 40;

    private final LongAdder trains = new LongAdder();
    private final LongAdder oversold = new LongAdder();
    private volatile Train next = new Train();

    private CheckThenAct() {}

    public static void run(Stage stage) throws InterruptedException {
        CheckThenAct railway = new CheckThenAct();
        stage.loops("agent", AGENTS, () -> railway.serve(stage.fixed()));
        stage.report(() -> railway.trains + " trains full", "tickets without a seat so far", railway.oversold::sum);
    }

    private void serve(boolean safely) throws InterruptedException {
        Train train = next;
        boolean sold = safely ? train.sellLocked() : train.sell();
        if (sold) {
            if (train.tickets.incrementAndGet() > SEATS) {
                oversold.increment();
            }
        } else if (depart(train)) {
            trains.increment();
            Work.remoteCall(1);
        }
        Work.remoteCall(1); // the next customer
    }

    /** Returns false if another agent has sent it off already. */
    private synchronized boolean depart(Train full) {
        if (next != full) {
            return false;
        }
        next = new Train();
        return true;
    }

    /** A train and the seats nobody has yet. */
    private static final class Train {
        final AtomicInteger tickets = new AtomicInteger();
        private int seatsLeft = SEATS;

        boolean sell() {
            if (seatsLeft > 0) {
                Work.compute(200); // prints the ticket
                seatsLeft--;
                return true;
            }
            return false;
        }

        synchronized boolean sellLocked() {
            if (seatsLeft > 0) {
                seatsLeft--;
                return true;
            }
            return false;
        }
    }
}
