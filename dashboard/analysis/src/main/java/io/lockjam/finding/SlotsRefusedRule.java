// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.List;

/** Finds pools of slots from which a thread went away without one: after a time-out, or because none could be made. */
record SlotsRefusedRule() implements Rule<PoolWindow> {
    static final SlotsRefusedRule DEFAULT = new SlotsRefusedRule();

    @Override
    public Kind kind() {
        return Kind.POOL_REJECTIONS;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        if (!SlotTrouble.lends(pool) || pool.rejections() == 0) {
            return Verdict.CLEAR;
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        String noun = SlotTrouble.noun(pool);
        Text text = new Text(
                "%s from %s got no %s in %s."
                        .formatted(
                                Words.count(pool.rejections(), "borrow"),
                                pool.name(),
                                noun,
                                Words.time(pool.range().length())),
                "%s of at most %d are out on average and %s threads wait; a use takes %s."
                                .formatted(
                                        Words.number(pool.busyMean()),
                                        SlotTrouble.most(pool),
                                        Words.number(pool.queueDepthMean()),
                                        Words.time(pool.serviceMean()))
                        + SlotTrouble.heldLongest(pool),
                "Each of them waited up to its time-out (" + Words.time(pool.queueWaitP99())
                        + " at the 99th percentile) and then failed.",
                "If all " + noun + "s of " + pool.name() + " are out, find out who keeps them"
                        + SlotTrouble.atBorrower(trouble)
                        + " and give them back sooner, or have more; if not, making one fails: look into the log.",
                "No thread fails for want of a " + noun + ".",
                "Exact: every borrow that ended without one is counted.",
                "One of them.");
        Impact impact = new Impact(pool.queueDepthMean(), pool.waitersMax());
        return new Verdict.Found(new Finding.PoolRejections(trouble.details(text, impact, List.of()), pool));
    }
}
