// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.window.PoolWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds pools of slots whose slots are all held by threads that wait for another slot of the same pool.
 *
 * <p>The agent looks at the stack of every holder, twice at least, a second apart, while nothing comes back. One holder that does something else may
 * give his slot back, and nothing is said.
 */
record SlotsStarvedRule() implements Rule<PoolWindow> {
    static final SlotsStarvedRule DEFAULT = new SlotsStarvedRule();

    @Override
    public Kind kind() {
        return Kind.POOL_STARVATION;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        int stuck = pool.holdersWaiting();
        if (!SlotTrouble.lends(pool) || stuck == 0 || stuck < SlotTrouble.most(pool)) {
            return Verdict.CLEAR;
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        String noun = SlotTrouble.noun(pool);
        Fact.SlotUse longest = pool.longest();
        List<Place> where = new ArrayList<>();
        if (longest != null) {
            SlotTrouble.borrower(pool, longest.stack())
                    .ifPresent(frame -> where.add(new Place("holder", frame, longest.stack())));
        }
        String at = where.isEmpty() ? "" : " at " + Words.place(where.get(0).frame());
        int still = Math.max(stuck, pool.waitersMax());
        Text text = new Text(
                "All %s of %s are held by threads that wait for another one%s."
                        .formatted(
                                Words.count(stuck, noun),
                                pool.name(),
                                longest == null ? "" : " (" + Words.time(longest.held()) + " so far)"),
                "Each of these threads took a " + noun + at
                        + " and asked for a second one before it gave the first back; none is left to give.",
                Words.count(still, "thread") + " stand still until a time-out ends their wait.",
                "Use one " + noun + at + " for the whole task, or have enough of them: where T threads at once need C"
                        + " each, " + pool.name() + " needs T × (C − 1) + 1.",
                "With that many one thread can always finish.",
                "Exact: every holder was found in such a wait, and no " + noun + " came back.",
                "All of them out and all holders waiting for another, in two looks a second apart.");
        return new Verdict.Found(
                new Finding.PoolStarvation(trouble.details(text, new Impact(still, still), where), pool));
    }
}
