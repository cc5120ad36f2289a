// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.threadpertask;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/**
 * A shop starts a new operating system thread for every e-mail it sends, 300 a second, each for 3 ms.
 *
 * <p>Lockjam reports: thread-churn, threads {@code mail-*}, started in {@code ThreadPerTask.send} (submitter).
 * The cure: two threads of a pool send them all.
 */
public final class ThreadPerTask {
    private static final int MAILS_PER_BATCH = 3;

    private final LongAdder threadsStarted = new LongAdder();
    private final LongAdder mailsSent = new LongAdder();
    private final Executor sender;

    private ThreadPerTask(Stage stage) {
        ThreadFactory named = stage.named("mail");
        ThreadFactory counted = task -> {
            threadsStarted.increment();
            return named.newThread(task);
        };
        if (stage.fixed()) {
            sender = stage.pool(Executors.newFixedThreadPool(2, counted));
        } else {
            sender = task -> counted.newThread(task).start();
        }
    }

    public static void run(Stage stage) throws InterruptedException {
        ThreadPerTask shop = new ThreadPerTask(stage);
        stage.every(Duration.ofMillis(10), "shop", shop::send);
        stage.report(() -> shop.mailsSent + " mails sent", "threads started for them so far", shop.threadsStarted::sum);
    }

    private void send() {
        for (int i = 0; i < MAILS_PER_BATCH; i++) {
            sender.execute(this::sendMail);
        }
    }

    private void sendMail() {
        try {
            Work.remoteCall(3);
            mailsSent.increment();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
