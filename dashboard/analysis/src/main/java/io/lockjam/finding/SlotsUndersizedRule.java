// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.List;

/**
 * Finds pools of slots, such as connections, in which threads wait for a slot longer than more slots would cost.
 *
 * <p>Most slots are out (70 %: handing one to the next thread takes time, too), somebody waits nearly always, and a wait is at least 5 ms and half as long as a use. How many would do
 * follows from Little's law: arrivals × use time are in use at once if nobody waits; where the same threads come again and again, at most
 * those who wait and those who use one now.
 */
record SlotsUndersizedRule(double minUtilisation, double minWaiting, double minWaitShare, Duration minWait)
        implements Rule<PoolWindow> {
    static final SlotsUndersizedRule DEFAULT = new SlotsUndersizedRule(0.7, 0.5, 0.5, Duration.ofMillis(5));
    private static final int MIN_SECONDS = 3;

    @Override
    public Kind kind() {
        return Kind.POOL_UNDERSIZED;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        boolean crowded = SlotTrouble.lends(pool)
                && SlotTrouble.utilisation(pool) >= minUtilisation
                && pool.queueDepthMean() >= minWaiting;
        if (!crowded) {
            return Verdict.CLEAR;
        }
        Duration use = pool.serviceMean();
        Duration wait = pool.queueTimeMean();
        if (wait.compareTo(minWait) < 0 || wait.toNanos() < minWaitShare * use.toNanos()) {
            return Verdict.CLEAR;
        }
        if (pool.seconds() < MIN_SECONDS) {
            return notYet(pool.name() + ": seen for " + pool.seconds() + " s");
        }
        Advice advice = Advice.of(pool);
        if (advice.threads() == 0) {
            return notYet(pool.name() + ": " + advice.why().replace("task", "use"));
        }
        PoolTrouble trouble = new PoolTrouble(pool, all);
        int enough = enough(pool, advice);
        return new Verdict.Found(new Finding.PoolUndersized(
                trouble.details(
                        text(trouble, advice, enough), new Impact(pool.queueDepthMean(), pool.waitersMax()), List.of()),
                pool,
                enough));
    }

    private static int enough(PoolWindow pool, Advice advice) {
        int together = (int) Math.ceil(pool.busyMean() + pool.queueDepthMean());
        int byModel = advice.closedLoop() ? together : Math.max(advice.threads(), together);
        return Math.max(SlotTrouble.most(pool) + 1, byModel);
    }

    private Text text(PoolTrouble trouble, Advice advice, int enough) {
        PoolWindow pool = trouble.pool;
        String noun = SlotTrouble.noun(pool);
        int most = SlotTrouble.most(pool);
        String use = Words.time(pool.serviceMean());
        String wait = Words.time(pool.queueTimeMean());
        return new Text(
                "Threads wait %s for one of the %s of %s and use it for %s; %d would do."
                        .formatted(wait, Words.count(most, noun), pool.name(), use, enough),
                "%s uses a second × %s = %s in use at once (Little's law), and of %s %s are out on average while %s threads wait."
                                .formatted(
                                        Words.number(pool.completionsPerSecond()),
                                        use,
                                        Words.number(pool.completionsPerSecond()
                                                * pool.serviceMean().toNanos()
                                                / 1e9),
                                        Words.count(most, noun),
                                        Words.number(pool.busyMean()),
                                        Words.number(pool.queueDepthMean()))
                        + SlotTrouble.heldLongest(pool),
                Words.number(pool.queueDepthMean()) + " threads wait on average, " + pool.waitersMax()
                        + " at most, half of them longer than "
                        + Words.time(Duration.ofNanos(pool.queueTimes().quantile(0.5))) + ".",
                "Set " + SlotTrouble.setting(pool, enough) + " for " + pool.name() + SlotTrouble.atBorrower(trouble)
                        + ", if what is behind it can serve so many at once; else hold each " + noun
                        + " for a shorter time.",
                advice.closedLoop()
                        ? "The same threads come back for the next " + noun + ", so with " + enough
                                + " nobody waits: as many as use one or wait for one now."
                        : "The wait for a " + noun + " goes from " + wait + " to a small part of the use time.",
                "Borrows and their waits are counted exactly; use times rest on " + Words.count(pool.timed(), "use")
                        + ". Whether a use takes as long with more " + noun + "s cannot be known from here.",
                "%ss out at least %s, a wait at least %s and half the use time; here %s and %s."
                        .formatted(
                                Character.toUpperCase(noun.charAt(0)) + noun.substring(1),
                                Words.percent(minUtilisation),
                                Words.time(minWait),
                                Words.percent(SlotTrouble.utilisation(pool)),
                                wait));
    }
}
