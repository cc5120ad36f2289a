// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.deadlock;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Two clerks of a bank transfer money between the same two accounts, one there, one back. Each locks the account it takes
 * from and then wants the other one's.
 *
 * <p>Lockjam reports: deadlock of {@code clerk-1} and {@code clerk-2} on two {@code Deadlock.Account} monitors, both in
 * {@code Deadlock.transfer}. The cure: always lock the account with the smaller number first.
 */
public final class Deadlock {
    private final Account savings = new Account(1);
    private final Account checking = new Account(2);
    private final LongAdder transfers = new LongAdder();
    private final AtomicInteger holdingOne = new AtomicInteger();
    private final boolean ordered;

    private Deadlock(boolean ordered) {
        this.ordered = ordered;
    }

    public static void run(Stage stage) throws InterruptedException {
        Deadlock bank = new Deadlock(stage.fixed());
        stage.loop("clerk-1", () -> bank.transfer(bank.savings, bank.checking, 10));
        stage.loop("clerk-2", () -> bank.transfer(bank.checking, bank.savings, 10));
        stage.report(() -> bank.transfers + " transfers", "clerks that wait for each other", () -> {
            int clerks = bank.holdingOne.get();
            return clerks == 2 ? clerks : 0;
        });
    }

    private void transfer(Account from, Account to, long cents) throws InterruptedException {
        boolean swap = ordered && from.number > to.number;
        synchronized (swap ? to : from) {
            holdingOne.incrementAndGet();
            Work.compute(200); // writes the slip
            synchronized (swap ? from : to) {
                holdingOne.decrementAndGet();
                from.cents -= cents;
                to.cents += cents;
            }
        }
        transfers.increment();
        Work.remoteCall(5); // the next customer
    }

    /** An account, its own lock. */
    private static final class Account {
        final int number;

        @SuppressWarnings("UnusedVariable") // the demo is about the locks
        long cents;

        Account(int number) {
            this.number = number;
        }
    }
}
