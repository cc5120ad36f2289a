// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.sharedhashmap;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Four web threads keep their customers' carts in one HashMap; two puts at once lose a cart, and one that grows the table
 * loses many.
 *
 * <p>Lockjam reports: data-race (unsafe collection) on the HashMap in {@code SharedHashMap.carts}, both threads in {@code
 * SharedHashMap.remember}. The cure: a ConcurrentHashMap.
 */
public final class SharedHashMap {
    private static final int WEB_THREADS = 4;
    private static final int CARTS_PER_TURN = 500;
    private static final int CARTS_A_DAY = 20_000;

    private final boolean concurrent;
    private final AtomicLong customers = new AtomicLong();
    private final LongAdder kept = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile Map<Long, String> carts;

    private SharedHashMap(boolean concurrent) {
        this.concurrent = concurrent;
        this.carts = empty();
    }

    public static void run(Stage stage) throws InterruptedException {
        SharedHashMap shop = new SharedHashMap(stage.fixed());
        stage.loops("web", WEB_THREADS, () -> {
            shop.serve();
            Work.remoteCall(2);
        });
        stage.report(() -> shop.kept + " carts kept", "carts lost so far", shop.lost::sum);
    }

    private void serve() {
        Map<Long, String> today = carts;
        long first = customers.getAndAdd(CARTS_PER_TURN);
        for (long customer = first; customer < first + CARTS_PER_TURN; customer++) {
            remember(today, customer);
        }
        for (long customer = first; customer < first + CARTS_PER_TURN; customer++) {
            (recall(today, customer) ? kept : lost).increment();
        }
        if (today.size() > CARTS_A_DAY) {
            close(today);
        }
    }

    /** Once, however many threads have seen that the day is full. */
    private synchronized void close(Map<Long, String> today) {
        if (carts == today) {
            carts = empty();
        }
    }

    private static void remember(Map<Long, String> carts, long customer) {
        carts.put(customer, "cart");
    }

    private static boolean recall(Map<Long, String> carts, long customer) {
        return carts.containsKey(customer);
    }

    private Map<Long, String> empty() {
        return concurrent ? new ConcurrentHashMap<>() : new HashMap<>();
    }
}
