// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.threadlife;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/**
 * A thread's life: start, run, join. A kitchen starts a cook for each dish and joins it at once, so only one cook works
 * at a time and each lives for one dish of 4 ms.
 *
 * <p>Lockjam reports: thread-churn, threads {@code cook-*}, started in {@code ThreadLife.cookOneByOne} (submitter).
 * The cure: start four cooks, let them all run, and join them when the menu is done.
 */
public final class ThreadLife {
    private static final int COOKS = 4;

    private final Stage stage;
    private final ThreadFactory cooks;
    private final LongAdder dishes = new LongAdder();
    private final LongAdder started = new LongAdder();

    private ThreadLife(Stage stage) {
        this.stage = stage;
        this.cooks = stage.named("cook");
    }

    public static void run(Stage stage) throws InterruptedException {
        ThreadLife kitchen = new ThreadLife(stage);
        stage.loop("kitchen", stage.fixed() ? kitchen::cookTogether : kitchen::cookOneByOne);
        stage.report(() -> kitchen.dishes + " dishes cooked", "cooks started so far", kitchen.started::sum);
    }

    private void cookOneByOne() throws InterruptedException {
        Thread cook = hire(this::cookDish);
        cook.join();
    }

    private void cookTogether() throws InterruptedException {
        Thread[] team = new Thread[COOKS];
        for (int i = 0; i < COOKS; i++) {
            team[i] = hire(this::cookUntilClosing);
        }
        for (Thread cook : team) {
            cook.join();
        }
    }

    private Thread hire(Runnable shift) {
        Thread cook = cooks.newThread(shift);
        started.increment();
        cook.start();
        return cook;
    }

    private void cookUntilClosing() {
        while (!stage.ended()) {
            cookDish();
        }
    }

    private void cookDish() {
        try {
            Work.remoteCall(4); // the oven's time, not ours
            dishes.increment();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
