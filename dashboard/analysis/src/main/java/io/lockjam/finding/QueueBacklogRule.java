// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.window.LockWindow;
import io.lockjam.window.QueueWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds queues whose producers outrun their consumers.
 *
 * <p>A bounded queue that is full most of the time while a quarter of a thread is lost to waiting for room; or an unbounded one that grows to the
 * end of the range, by one element a second at least and beyond 100; or a hand-off at which producers wait four times as long as consumers. Work queues of pools are judged as pools.
 */
record QueueBacklogRule(double minLost, double minFill, int minDepth, double minGrowth, int minSeconds)
        implements Rule<QueueWindow> {
    /** At a hand-off one side always waits for the other; in balance both do. */
    private static final int ONE_SIDED = 4;

    private static final String CERTAINTY = "Exact: waits are counted and timed, the depth is read each second.";

    static final QueueBacklogRule DEFAULT = new QueueBacklogRule(0.25, 0.5, 100, 1, 4);

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    /** Told as the pool's queue. */
    static boolean ofPool(QueueWindow queue) {
        return queue.poolIdentity() != null
                || queue.name().endsWith("ThreadPoolExecutor.workQueue")
                || queue.producers().stream().anyMatch(site -> handsIn(site.stack()));
    }

    /** As long as no worker has come back to the queue, only who hands in a task shows whose it is. */
    private static boolean handsIn(Stack producer) {
        return producer.frames().stream()
                .takeWhile(Frame::isJdk)
                .anyMatch(frame -> frame.className().equals("java.util.concurrent.ThreadPoolExecutor")
                        && frame.method().equals("execute"));
    }

    @Override
    public Verdict check(QueueWindow queue, Situation all) {
        double lost = queue.putWait().toNanos() / 1e9 / all.seconds();
        boolean heldUp = queue.putWaits() >= 5 && lost >= minLost;
        boolean handOff = heldUp && queue.capacity() == 0 && producersWaitMore(queue);
        boolean full = heldUp && queue.capacity() > 0 && queue.depthMean() >= minFill * queue.capacity();
        if (!handOff && !full && !grows(queue)) {
            return Verdict.CLEAR;
        }
        if (queue.depths().size() < minSeconds) {
            return notYet(queue.name() + ": seen for " + queue.depths().size() + " s only");
        }
        Text text = handOff ? handOff(queue, lost, all) : full ? full(queue, lost, all) : growing(queue, all);
        Impact impact = new Impact(lost, queue.producerThreads().size());
        return new Verdict.Found(
                new Finding.QueueBacklog(details(queue, all, text, impact, queue.producerThreads()), queue));
    }

    private static boolean producersWaitMore(QueueWindow queue) {
        Duration takes = queue.takeWait().plus(queue.idleTakeWait());
        return queue.putWait().compareTo(takes.multipliedBy(ONE_SIDED)) > 0;
    }

    private boolean grows(QueueWindow queue) {
        boolean unbounded = queue.capacity() < 0 || queue.capacity() == Integer.MAX_VALUE;
        return unbounded
                && !ofPool(queue)
                && queue.depthLast() >= minDepth
                && queue.growthPerSecond() >= minGrowth
                && queue.depthLast() >= 0.95 * queue.depthMax()
                && Growth.lasts(queue.depths());
    }

    private Text handOff(QueueWindow queue, double lost, Situation all) {
        return waiting(
                queue,
                lost,
                all,
                "Producers wait %s for somebody to take what they hand over at %s."
                        .formatted(Words.time(queue.putWait()), Words.simple(queue.name())),
                "a queue in between helps only with bursts.",
                "%s thread-seconds of put wait per second and four times the take wait; here %s and %s of take wait."
                        .formatted(Words.number(minLost), Words.number(lost), Words.time(queue.takeWait())));
    }

    private Text full(QueueWindow queue, double lost, Situation all) {
        return waiting(
                queue,
                lost,
                all,
                "Producers wait %s for room in %s: it holds %s of %s elements on average."
                        .formatted(
                                Words.time(queue.putWait()),
                                Words.simple(queue.name()),
                                Words.number(queue.depthMean()),
                                Words.number(queue.capacity())),
                "a longer queue only delays the wait.",
                "%s thread-seconds of put wait per second and half full; here %s and %s."
                        .formatted(
                                Words.number(minLost),
                                Words.number(lost),
                                Words.percent(queue.depthMean() / queue.capacity())));
    }

    private static Text waiting(
            QueueWindow queue, double lost, Situation all, String what, String inVain, String threshold) {
        QueueTakers takers = QueueTakers.of(queue, all);
        return new Text(
                what,
                producers(queue) + takers.sentence(all),
                Words.number(lost) + " thread-seconds of producers are lost in each second, "
                        + Words.number((double) queue.putWaits()) + " waits.",
                takers.change(stack(queue.producers())) + inVain,
                "What is taken out faster, or not put in, lets the producers no longer wait.",
                CERTAINTY,
                threshold);
    }

    private Text growing(QueueWindow queue, Situation all) {
        String name = Words.simple(queue.name());
        String growth = Words.number(queue.growthPerSecond());
        String depth = Words.number(queue.depthLast());
        return new Text(
                "%s grows by %s elements a second and holds %s; it has no bound.".formatted(name, growth, depth),
                producers(queue) + QueueTakers.of(queue, all).sentence(all),
                "Each element put in now waits behind " + depth + " others.",
                "Give " + name + " a bound so that producers slow down, or add consumers.",
                "With a bound memory and delay have one, too.",
                CERTAINTY,
                "%d elements and growth of %s a second; here %s and %s."
                        .formatted(minDepth, Words.number(minGrowth), depth, growth));
    }

    private static String producers(QueueWindow queue) {
        Stack stack = stack(queue.producers());
        String at = stack.site()
                .map(frame -> ": producers stand at " + Words.place(frame)
                        + (Libraries.has(frame.className()) ? LentOutRule.calledFrom(stack) : ""))
                .orElse("");
        return "More is put in than taken out" + at + ".";
    }

    private static Stack stack(List<LockWindow.SiteShare> sites) {
        return sites.isEmpty() ? Stack.EMPTY : sites.get(0).stack();
    }

    static Details details(QueueWindow queue, Situation all, Text text, Impact impact, List<LockWindow.Part> threads) {
        List<Place> where = new ArrayList<>();
        add(where, "producer", queue.producers());
        add(where, "consumer", queue.consumers());
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("capacity", queue.capacity());
        evidence.put("depthMean", queue.depthMean());
        evidence.put("depthMax", queue.depthMax());
        evidence.put("growthPerSecond", queue.growthPerSecond());
        evidence.put("putWaits", queue.putWaits());
        evidence.put("putWait", queue.putWait().toNanos());
        evidence.put("takeWaits", queue.takeWaits());
        evidence.put("takeWait", queue.takeWait().toNanos());
        return new Details(
                queue.name(),
                all.range(),
                new Subject("queue", queue.className(), queue.name(), queue.identity(), queue.id()),
                text,
                impact,
                where,
                Words.labels(threads.stream().map(LockWindow.Part::thread)),
                evidence,
                List.of());
    }

    private static void add(List<Place> where, String role, List<LockWindow.SiteShare> sites) {
        for (LockWindow.SiteShare site : sites.subList(0, Math.min(3, sites.size()))) {
            if (site.site() != null) {
                where.add(new Place(role, site.site(), site.stack()));
            }
        }
    }
}
