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
                "Its %d threads were busy (%s on average) and its queue of %s was full (%s at most)."
                        .formatted(
                                pool.size(),
                                Words.number(pool.busyMean()),
                                trouble.unbounded() ? "no bound" : Words.number(pool.queueCapacity()),
                                Words.number(pool.queueDepthMax())),
                Words.percent(share) + " of the tasks handed in were refused.",
                "Slow the submitter down (CallerRunsPolicy), give " + pool.name()
                        + " a longer queue, or more threads if the tasks wait" + trouble.atSubmitter() + ".",
                "At " + Words.number(pool.arrivalsPerSecond()) + " tasks a second nothing is refused once "
                        + Words.number(Math.ceil(
                                pool.arrivalsPerSecond() * pool.serviceMean().toNanos() / 1e9))
                        + " threads are free (Little's law).",
                "Exact: every refusal is counted.",
                "One refused task.");
        Impact impact = new Impact(
                pool.rejections() / all.seconds() * pool.serviceMean().toNanos() / 1e9, pool.size());
        return new Verdict.Found(new Finding.PoolRejections(trouble.details(text, impact, List.of()), pool));
    }
}
