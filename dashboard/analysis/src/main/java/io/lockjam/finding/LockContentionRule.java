// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.LockWindow;

/**
 * Finds locks that cost threads much of their time.
 *
 * <p>Two limits, because either alone cries wolf: a quarter of a thread is lost all the time, and that is a tenth of the threads that want
 * to get on. The first keeps a quiet program quiet, the second a big one: 0.25 of 300 busy threads is noise. Above two threads lost the
 * share does not matter. Our choice; the JDK's own rule (JMC, JavaBlocking) uses a score without units.
 */
record LockContentionRule(double minLost, double minShare, double alwaysLost, long minWaits)
        implements Rule<LockWindow> {
    static final LockContentionRule DEFAULT = new LockContentionRule(0.25, 0.10, 2.0, 5);

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    /** Whether enough is lost for any rule on locks to speak. */
    boolean passed(LockTrouble trouble) {
        double lost = trouble.lost();
        boolean many = trouble.lock.contentions() + trouble.lock.waiting() >= minWaits
                || trouble.lock.waitingTotal().toSeconds() >= 2;
        return trouble.lock.kind().isLock()
                && many
                && lost >= minLost
                && (lost >= alwaysLost || trouble.shareOfActive() >= minShare);
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        if (!passed(trouble)) {
            return Verdict.CLEAR;
        }
        String what = "%s lose %s of %s to %s."
                .formatted(
                        Words.count(lock.waiters(), "thread"),
                        Words.time(lock.waitTotal().plus(lock.waitingTotal())),
                        "thread time in " + Words.time(all.range().length()),
                        trouble.name());
        String place = trouble.heldAt().map(Words::place).orElse("its holder");
        String change = "Hold " + trouble.name() + " for less: move work out of it at " + place
                + ", or split it by what it guards.";
        String expect =
                "Half the hold time gives back at least half of the wait, about " + Words.number(trouble.lost() / 2)
                        + " thread-seconds per second (waits grow faster than linearly with hold time).";
        String threshold =
                "At least %s thread-seconds lost per second and %s of the threads that want to get on; here %s and %s."
                        .formatted(
                                Words.number(minLost),
                                Words.percent(minShare),
                                Words.number(trouble.lost()),
                                Words.percent(trouble.shareOfActive()));
        Text text = new Text(what, trouble.why(), trouble.cost(), change, expect, trouble.certainty(), threshold);
        return new Verdict.Found(new Finding.LockContention(trouble.details(text), lock));
    }
}
