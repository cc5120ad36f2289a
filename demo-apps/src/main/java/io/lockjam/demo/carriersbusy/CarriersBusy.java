// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.carriersbusy;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Unavailable;
import io.lockjam.demo.VirtualThreads;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bank answers on virtual threads. Most questions take a call of 5 ms; some want the statement of a year, 600 ms of computing.
 * Virtual threads take turns only where they wait: while a statement is computed on each carrier, nobody is answered.
 *
 * <p>Lockjam reports: cpu-oversubscribed, virtual threads without a carrier, by {@code CarriersBusy.statement}. The cure: statements
 * are computed by platform threads, one per core but one. Needs Java 21.
 */
public final class CarriersBusy {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int CUSTOMERS = 20;
    private static final long STATEMENT_MICROS = TimeUnit.MILLISECONDS.toMicros(600);

    private final LongAdder statements = new LongAdder();
    private final Worst late = new Worst();

    private CarriersBusy() {}

    public static void run(Stage stage) throws InterruptedException, Unavailable {
        ThreadFactory answers = VirtualThreads.required("answer");
        ThreadFactory customers = VirtualThreads.required("customer");
        CarriersBusy bank = new CarriersBusy();
        Executor computing = stage.fixed()
                ? stage.pool(Executors.newFixedThreadPool(Math.max(1, CORES - 1), stage.named("statement")))
                : task -> answers.newThread(task).start();
        for (int i = 0; i < CORES; i++) {
            bank.orderStatement(stage, computing);
        }
        for (int i = 0; i < CUSTOMERS; i++) {
            customers.newThread(() -> bank.ask(stage)).start();
        }
        stage.report(
                () -> bank.statements + " statements computed",
                "latest answer this second, ms after its time",
                bank.late::millisSinceLast);
    }

    /** One after the other: the next is ordered when this one is done. */
    private void orderStatement(Stage stage, Executor computing) {
        if (!stage.ended()) {
            computing.execute(() -> {
                statement();
                orderStatement(stage, computing);
            });
        }
    }

    private void statement() {
        Work.compute(STATEMENT_MICROS);
        statements.increment();
    }

    private void ask(Stage stage) {
        try {
            while (!stage.ended()) {
                long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
                Work.remoteCall(5);
                late.since(due);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
