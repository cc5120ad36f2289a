// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.window.LockWindow;
import io.lockjam.window.QueueWindow;
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

    static final QueueBacklogRule DEFAULT = new QueueBacklogRule(0.25, 0.5, 100, 1, 4);

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    /** Told as the pool's queue. */
    private static boolean ofPool(QueueWindow queue) {
        return queue.poolIdentity() != null || queue.name().endsWith("ThreadPoolExecutor.workQueue");
    }

    @Override
    public Verdict check(QueueWindow queue, Situation all) {
        double lost = queue.putWait().toNanos() / 1e9 / all.seconds();
        boolean heldUp = queue.putWaits() >= 5 && lost >= minLost;
        boolean handOff = heldUp
                && queue.capacity() == 0
                && queue.putWait()
                                .compareTo(queue.takeWait()
                                        .plus(queue.idleTakeWait())
                                        .multipliedBy(ONE_SIDED))
                        > 0;
        boolean full = handOff || (heldUp && queue.capacity() > 0 && queue.depthMean() >= minFill * queue.capacity());
        boolean unbounded = queue.capacity() < 0 || queue.capacity() == Integer.MAX_VALUE;
        boolean grows = unbounded
                && !ofPool(queue)
                && queue.depthLast() >= minDepth
                && queue.growthPerSecond() >= minGrowth
                && queue.depthLast() >= 0.95 * queue.depthMax();
        if (!full && !grows) {
            return Verdict.CLEAR;
        }
        if (queue.depths().size() < minSeconds) {
            return notYet(queue.name() + ": seen for " + queue.depths().size() + " s only");
        }
        String name = Words.simple(queue.name());
        String producer = place(queue.producers());
        QueueTakers takers = QueueTakers.of(queue, all);
        String what = handOff
                ? "Producers wait %s for somebody to take what they hand over at %s."
                        .formatted(Words.time(queue.putWait()), name)
                : full
                        ? "Producers wait %s for room in %s: it holds %s of %s elements on average."
                                .formatted(
                                        Words.time(queue.putWait()),
                                        name,
                                        Words.number(queue.depthMean()),
                                        Words.number(queue.capacity()))
                        : "%s grows by %s elements a second and holds %s; it has no bound."
                                .formatted(
                                        name, Words.number(queue.growthPerSecond()), Words.number(queue.depthLast()));
        Text text = new Text(
                what,
                "More is put in than taken out" + (producer.isEmpty() ? "." : ": producers stand at " + producer + ".")
                        + takers.sentence(all),
                full
                        ? Words.number(lost) + " thread-seconds of producers are lost in each second, "
                                + Words.number((double) queue.putWaits()) + " waits."
                        : "Each element put in now waits behind " + Words.number(queue.depthLast()) + " others.",
                full
                        ? takers.change()
                                + (handOff
                                        ? "a queue in between helps only with bursts."
                                        : "a longer queue only delays the wait.")
                        : "Give " + name + " a bound so that producers slow down, or add consumers.",
                full
                        ? "Each consumer added takes its share of the rate until the producers no longer wait."
                        : "With a bound memory and delay have one, too.",
                "Exact: waits are counted and timed, the depth is read each second.",
                full
                        ? "%s thread-seconds of put wait per second and %s; here %s and %s."
                                .formatted(
                                        Words.number(minLost),
                                        handOff ? "four times the take wait" : "half full",
                                        Words.number(lost),
                                        handOff
                                                ? Words.time(queue.takeWait()) + " of take wait"
                                                : Words.percent(queue.depthMean() / queue.capacity()))
                        : "%d elements and growth of %s a second; here %s and %s."
                                .formatted(
                                        minDepth,
                                        Words.number(minGrowth),
                                        Words.number(queue.depthLast()),
                                        Words.number(queue.growthPerSecond())));
        return new Verdict.Found(new Finding.QueueBacklog(
                details(
                        queue,
                        all,
                        text,
                        new Impact(lost, queue.producerThreads().size()),
                        queue.producerThreads()),
                queue));
    }

    private static String place(List<LockWindow.SiteShare> sites) {
        Frame frame = sites.isEmpty() ? null : sites.get(0).site();
        return frame == null ? "" : Words.place(frame);
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
                threads.stream()
                        .map(part -> part.thread().label())
                        .distinct()
                        .limit(50)
                        .toList(),
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
