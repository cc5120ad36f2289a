// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.List;

/**
 * Finds pools that keep many more slots, such as connections, than their load uses.
 *
 * <p>Needs load, like the rule for threads. Sixteen must be to spare, since a handful is what every library keeps by default, and the model and
 * all that was ever seen out must be content with half.
 */
record SlotsOversizedRule(int minSpare, double maxShare, int minSeconds, int minUses) implements Rule<PoolWindow> {
    static final SlotsOversizedRule DEFAULT = new SlotsOversizedRule(16, 0.5, 5, 30);

    @Override
    public Kind kind() {
        return Kind.POOL_OVERSIZED;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        if (!SlotTrouble.lends(pool) || pool.size() < minSpare + 1 || pool.rejections() > 0) {
            return Verdict.CLEAR;
        }
        String noun = SlotTrouble.noun(pool);
        if (pool.seconds() < minSeconds || pool.completions() < minUses) {
            return notYet(pool.name() + ": " + Words.count(pool.completions(), "use") + " in " + pool.seconds()
                    + " s is too little load to judge its " + Words.count(pool.size(), noun));
        }
        Advice advice = Advice.of(pool);
        if (advice.threads() == 0) {
            return notYet(pool.name() + ": " + advice.why());
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        int enough = Math.max(advice.threads(), trouble.everBusy());
        int spare = pool.size() - enough;
        if (spare < minSpare || enough > pool.size() * maxShare) {
            return Verdict.CLEAR;
        }
        Text text = new Text(
                "%s keeps %s, never more than %d out in %s; %d would do."
                        .formatted(
                                pool.name(),
                                Words.count(pool.size(), noun),
                                pool.busyMax(),
                                Words.time(pool.range().length()),
                                enough),
                advice.why(),
                Words.count(spare, noun) + " are never used; each takes memory here and a session, often a process,"
                        + " at the other end.",
                "Set " + SlotTrouble.setting(pool, enough) + " for " + pool.name() + SlotTrouble.atBorrower(trouble)
                        + ", and what it keeps idle to no more.",
                "Nobody waits for a " + noun + " at this load: " + Words.time(pool.queueTimeMean())
                        + " on average now.",
                trouble.certainty(advice),
                "At most half ever out, and at least %d to spare; here %d of %d."
                        .formatted(minSpare, trouble.everBusy(), pool.size()));
        return new Verdict.Found(new Finding.PoolOversized(
                trouble.details(text, new Impact(0, spare), List.of()), pool, enough, Severity.WARNING));
    }
}
