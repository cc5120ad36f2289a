// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.List;

/** Finds pools that refuse tasks; one is enough, since each is work that is not done where it was meant to be. */
record PoolRejectionsRule() implements Rule<PoolWindow> {
    static final PoolRejectionsRule DEFAULT = new PoolRejectionsRule();

    @Override
    public Kind kind() {
        return Kind.POOL_REJECTIONS;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        if (pool.rejections() == 0 || SlotTrouble.lends(pool) || SlotTrouble.dropsByDesign(pool)) {
            return Verdict.CLEAR;
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        double share = (double) pool.rejections() / Math.max(1, pool.arrivals() + pool.rejections());
        Text text = new Text(
                "%s refused %s in %s."
                        .formatted(
                                pool.name(),
                                Words.count(pool.rejections(), "task"),
                                Words.time(pool.range().length())),
                "Its %d threads were busy (%s on average) and %s."
                        .formatted(pool.size(), Words.number(pool.busyMean()), queue(trouble)),
                Words.percent(share) + " of the tasks handed in were refused.",
                "Slow the submitter down (CallerRunsPolicy), give " + pool.name()
                        + (pool.queueCapacity() == 0 ? " a queue, or" : " a longer queue, or")
                        + " more threads if the tasks wait" + trouble.atSubmitter() + ".",
                room(pool),
                "Exact: every refusal is counted.",
                "One refused task.");
        double lost = pool.rejections() / all.seconds() * new PoolLoad(pool).serviceSeconds();
        Impact impact = new Impact(lost, pool.size());
        return new Verdict.Found(new Finding.PoolRejections(trouble.details(text, impact, List.of()), pool));
    }

    private static String queue(PoolTrouble trouble) {
        PoolWindow pool = trouble.pool;
        return pool.queueCapacity() == 0
                ? "it has no queue in which tasks could wait (a SynchronousQueue)"
                : "its queue of %s was full (%s at most)"
                        .formatted(
                                trouble.unbounded() ? "no bound" : Words.number(pool.queueCapacity()),
                                Words.number(pool.queueDepthMax()));
    }

    private static String room(PoolWindow pool) {
        PoolLoad load = new PoolLoad(pool);
        if (!load.missing().isEmpty()) {
            return "None was refused while a thread was free or the queue had room.";
        }
        double offered = load.offeredPerSecond();
        return "The refused ones counted, %s tasks a second of %s each keep %s threads busy (Little's law); with more, few are refused."
                .formatted(
                        Words.number(offered),
                        Words.millis(load.serviceSeconds() * 1e3),
                        Words.number(Math.ceil(offered * load.serviceSeconds())));
    }
}
