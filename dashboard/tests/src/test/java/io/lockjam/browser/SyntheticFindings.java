// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import io.lockjam.finding.Details;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Impact;
import io.lockjam.finding.LiveFindings.Tracked;
import io.lockjam.finding.Place;
import io.lockjam.finding.Severity;
import io.lockjam.finding.Subject;
import io.lockjam.finding.Text;
import io.lockjam.model.Stack;
import io.lockjam.window.Doing;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The findings of the invented service, in the words of the rules. */
final class SyntheticFindings {
    private SyntheticFindings() {}

    static List<Tracked> all(SyntheticReadings readings, Instant now, boolean muted) {
        Range range = Range.endingAt(now, Duration.ofSeconds(60));
        LockWindow lock = readings.locks(range).get(0);
        return List.of(
                tracked(deadlock(range), now.minusSeconds(387), now, 1, false),
                tracked(across(range, lock), now.minusSeconds(8), now, 10, muted),
                tracked(race(range), now.minusSeconds(60), now, 1, false),
                tracked(oversized(readings, range), now.minusSeconds(600), now, 1, false));
    }

    private static Tracked tracked(Finding finding, Instant first, Instant last, int times, boolean muted) {
        return new Tracked(finding, first, last, times, true, muted);
    }

    private static Finding deadlock(Range range) {
        Text text = new Text(
                "order-worker-5 and order-worker-6 wait for each other's Account lock.",
                "order-worker-5 holds Account[12] and wants Account[77]; order-worker-6 holds Account[77] and wants Account[12].",
                "2 threads will never go on; 6 min 27 s so far.",
                "Lock the account with the smaller id first (Transfer.java:41).",
                "Both transfers finish; nothing else waits for these locks.",
                "Exact: seen in 387 snapshots.",
                "Any cycle that two snapshots show unchanged.");
        return new Finding.Deadlock(
                details(
                        "deadlock",
                        range,
                        new Subject("monitor", "com.acme.bank.Account", "Account[77]", "77", "monitor-Account[77]"),
                        text,
                        new Impact(2, 2),
                        List.of("order-worker-5", "order-worker-6")),
                List.of());
    }

    private static Finding across(Range range, LockWindow lock) {
        Text text = new Text(
                "112 threads wait for OrderBook.lock, held 8 s by http-exec-18, which reads a socket.",
                "The owner is in PaymentClient.post (PaymentClient.java:88) while it holds the lock.",
                "611 thread-seconds in the last minute.",
                "Call PaymentClient.post before entering synchronized (OrderBook.lock) (OrderService.java:57).",
                "Mean wait 8.1 s → below 5 ms: the hold time without the call is 3 ms.",
                "Exact: counted at every contended acquire.",
                "A holder that blocks for more than 100 ms while others wait.");
        LockWindow.Blame cause = new LockWindow.Blame(
                lock.sites().get(0).site(),
                SyntheticThreads.ownerStack().frames().get(2),
                Doing.READS_SOCKET,
                "pay.example:443",
                lock.waitTotal(),
                lock.contentions(),
                SyntheticThreads.waiterStack(),
                SyntheticThreads.ownerStack(),
                null);
        return new Finding.LockHeldAcrossBlocking(
                details(
                        "order-book",
                        range,
                        new Subject("monitor", lock.className(), lock.name(), lock.identity(), lock.id()),
                        text,
                        new Impact(10.2, 112),
                        List.of("http-exec-1", "http-exec-2", SyntheticThreads.HOSTILE)),
                lock,
                cause);
    }

    private static Finding race(Range range) {
        Text text = new Text(
                "order-worker-1 and order-worker-2 touch Counter.value at the same time, and nothing orders them.",
                "order-worker-1 writes at Counter.add(Counter.java:12); order-worker-2 writes at Counter.add(Counter.java:12).",
                "An update of one thread is lost whenever both do so at once.",
                "Counter.value at Counter.add(Counter.java:12): make it an AtomicLong.",
                "No update is lost.",
                "Caught: both threads were at the same field of the same object at once.",
                "Two accesses at once, one a write.");
        return new Finding.DataRace(
                details(
                        "counter",
                        range,
                        new Subject("field", "com.acme.Counter", "com.acme.Counter.value", "9a", ""),
                        text,
                        new Impact(0, 2),
                        List.of("order-worker-1", "order-worker-2")),
                Severity.INFO);
    }

    private static Finding oversized(SyntheticReadings readings, Range range) {
        Text text = new Text(
                "report-pool has 64 threads, never more than 3 busy in 10 min.",
                "40 tasks a second take 34 ms each: 1.4 threads are busy on average (Little's law).",
                "61 threads' stacks and their switches.",
                "Set maximumPoolSize to 4 (ReportConfig.java:23).",
                "Queue wait stays below 0.4 ms with 4 threads.",
                "Sampled: 190 tasks timed.",
                "Utilisation below 25 % for a minute.");
        return new Finding.PoolOversized(
                details(
                        "report-pool",
                        range,
                        new Subject("pool", "java.util.concurrent.ThreadPoolExecutor", "report-pool-#", "p-1", "p-1"),
                        text,
                        new Impact(0, 64),
                        List.of()),
                readings.pools(range).get(0),
                4,
                Severity.INFO);
    }

    private static Details details(
            String place, Range range, Subject subject, Text text, Impact impact, List<String> threads) {
        Stack waiter = SyntheticThreads.waiterStack();
        Stack holder = SyntheticThreads.ownerStack();
        return new Details(
                place,
                range,
                subject,
                text,
                impact,
                List.of(
                        new Place("waiter", waiter.frames().get(0), waiter),
                        new Place("holder", holder.frames().get(2), holder)),
                threads,
                Map.of("waitMean", "8.1 s", "holdMean", "3 ms", "contendedAcquires", 2_114),
                List.of());
    }
}
