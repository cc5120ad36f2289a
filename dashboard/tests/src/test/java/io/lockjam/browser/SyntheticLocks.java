// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static io.lockjam.browser.SyntheticThreads.frame;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The locks of the invented order service: who waits for them, for how long and why. */
record SyntheticLocks(SyntheticThreads threads) {
    static final LockRef ORDER_BOOK = new LockRef("com.acme.orders.OrderBook", "7f3a11");
    private static final String ORDER_BOOK_ID = "monitor-7f3a11";

    List<LockWindow> rows(Range range) {
        double scale = range.seconds() / 300;
        return List.of(
                lock(
                        ORDER_BOOK_ID,
                        WaitKind.MONITOR,
                        ORDER_BOOK,
                        "com.acme.orders.OrderBook.lock",
                        1_090 * scale,
                        2_114,
                        12,
                        8_100,
                        range),
                lock(
                        "read-2b",
                        WaitKind.READ,
                        new LockRef("java.util.concurrent.locks.ReentrantReadWriteLock", "2b"),
                        "com.acme.stock.InventoryCache.rw",
                        140 * scale,
                        8_031,
                        4,
                        210,
                        range),
                lock(
                        "lock-3c",
                        WaitKind.LOCK,
                        new LockRef("java.util.concurrent.locks.ReentrantLock", "3c"),
                        "com.zaxxer.hikari.ConcurrentBag.lock",
                        22 * scale,
                        410,
                        9,
                        95,
                        range),
                lock(
                        "monitor-4d",
                        WaitKind.MONITOR,
                        new LockRef("org.apache.logging.RollingFile", "4d"),
                        SyntheticThreads.HOSTILE,
                        0.4 * scale,
                        96,
                        0.2,
                        3,
                        range));
    }

    private LockWindow lock(
            String id,
            WaitKind kind,
            LockRef ref,
            String name,
            double lost,
            long contentions,
            double p50,
            double p99,
            Range range) {
        ThreadRef owner = threads.named("http-exec-18");
        Duration waited = Duration.ofMillis((long) (lost * 1000));
        Histogram histogram = Histogram.EMPTY;
        for (int i = 1; i < 40; i++) {
            histogram = histogram.plus(Histogram.of((long) (p50 * 1e6 * Math.pow(p99 / p50, i / 39.0))));
        }
        Stack waiter = SyntheticThreads.waiterStack();
        Stack holder = SyntheticThreads.ownerStack();
        List<LockWindow.Part> waiters = threads.all.stream()
                .filter(thread -> thread.name().startsWith("http-exec-"))
                .limit(12)
                .map(thread -> new LockWindow.Part(thread, 17, waited.dividedBy(14)))
                .toList();
        return new LockWindow(
                id,
                kind,
                ref.className(),
                name,
                ref.identity(),
                1,
                false,
                range,
                contentions,
                waited,
                Duration.ZERO,
                Duration.ofMillis((long) p99),
                histogram,
                40,
                Duration.ofSeconds(80),
                Duration.ofSeconds(12),
                SyntheticThreads.queued(range.to().getEpochSecond()),
                SyntheticThreads.CONVOY_LONGEST,
                Duration.ofMillis(40),
                512,
                List.of(new LockWindow.SiteShare(waiter.frames().get(0), waiter, contentions, waited)),
                blame(waiter, holder, waited, contentions),
                List.of(new LockWindow.Part(owner, 40, waited)),
                List.of(new LockWindow.Part(owner, 40, waited)),
                waiters);
    }

    /** Two lines that waited while one line read a socket, and one of them while another line was at work. */
    private static List<LockWindow.Blame> blame(Stack waiter, Stack holder, Duration waited, long waits) {
        Frame place = waiter.frames().get(0);
        Frame cancel = frame("com.acme.orders.OrderService", "cancel", 83);
        Frame taken = frame("com.acme.orders.OrderService", "place", 57);
        return List.of(
                new LockWindow.Blame(
                        place,
                        holder.frames().get(2),
                        Doing.READS_SOCKET,
                        "pay.example:443",
                        waited.multipliedBy(7).dividedBy(10),
                        waits * 7 / 10,
                        waiter,
                        holder,
                        taken),
                new LockWindow.Blame(
                        cancel,
                        holder.frames().get(2),
                        Doing.READS_SOCKET,
                        "pay.example:443",
                        waited.dividedBy(5),
                        waits / 5,
                        waiter,
                        holder,
                        taken),
                new LockWindow.Blame(
                        place, cancel, Doing.RUNS, null, waited.dividedBy(10), waits / 10, waiter, waiter, cancel));
    }

    /** The last convoy: all behind one owner, released by it. */
    List<Wait> waits(Holder holder, Instant end, WaitQuery query) {
        return threads.all.stream()
                .filter(thread ->
                        thread.name().startsWith("http-exec-") && !thread.name().equals("http-exec-18"))
                .filter(thread -> query.asksOf(thread))
                .filter(thread -> query.lockId().isEmpty() || query.lockId().equals(ORDER_BOOK_ID))
                .limit(Math.min(40, query.limit()))
                .map(thread -> new Wait(
                        end.minusSeconds(8),
                        Duration.ofSeconds(8),
                        WaitKind.MONITOR,
                        ORDER_BOOK,
                        ORDER_BOOK_ID,
                        "com.acme.orders.OrderBook.lock",
                        thread,
                        holder.thread(),
                        holder.thread(),
                        SyntheticThreads.waiterStack(),
                        1,
                        true,
                        true,
                        false,
                        holder))
                .toList();
    }

    /** A deadlock of two, and who waits in the convoy. */
    List<WaitForGraph.Edge> edges(Instant at) {
        List<WaitForGraph.Edge> edges = new ArrayList<>();
        ThreadRef five = threads.named("order-worker-5");
        ThreadRef six = threads.named("order-worker-6");
        edges.add(edge(five, "Account[77]", six, 387));
        edges.add(edge(six, "Account[12]", five, 387));
        ThreadRef owner = threads.named("http-exec-18");
        long second = at.getEpochSecond() - 1;
        threads.all.stream()
                .filter(thread -> thread.name().startsWith("http-exec-") && threads.state(thread, second) == 'B')
                .forEach(thread -> edges.add(new WaitForGraph.Edge(
                        thread,
                        1,
                        WaitKind.MONITOR,
                        ORDER_BOOK,
                        ORDER_BOOK_ID,
                        "com.acme.orders.OrderBook.lock",
                        owner,
                        Duration.ofSeconds(Math.max(1, SyntheticThreads.convoy(second))),
                        false,
                        1)));
        return edges;
    }

    /** Both orders of two locks. */
    List<Fact.LockOrderSeen> orders(Instant at) {
        LockRef stock = new LockRef("com.acme.stock.Shelf", "51");
        return List.of(order(at, ORDER_BOOK, stock), order(at, stock, ORDER_BOOK));
    }

    private Fact.LockOrderSeen order(Instant at, LockRef held, LockRef wanted) {
        return new Fact.LockOrderSeen(
                at,
                threads.named("order-worker-1"),
                held,
                "OrderService.place(OrderService.java:57)",
                wanted,
                SyntheticThreads.waiterStack(),
                List.of(),
                false);
    }

    static WaitForGraph.Edge edge(ThreadRef waiter, String lock, ThreadRef owner, int seconds) {
        LockRef ref = new LockRef("com.acme.bank.Account", lock);
        return new WaitForGraph.Edge(
                waiter,
                1,
                WaitKind.MONITOR,
                ref,
                "monitor-" + lock,
                "com.acme.bank." + lock,
                owner,
                Duration.ofSeconds(seconds),
                false,
                1);
    }
}
