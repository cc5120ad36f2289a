// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.Doing;
import io.lockjam.window.LockWindow;
import java.time.Duration;

/**
 * Finds the lock that serialises a program: N threads run, the work of about one gets done, as under an interpreter lock.
 *
 * <p>The lock is never free (held for four fifths of the time), its holders compute, at least two fifths of the threads that want to get
 * on stand at it (on a crowded machine many more than its holder wait for a core), and four fifths of what the program computes is computed under it, by the samples that show the locking method. A
 * millisecond of computing for each hold tells it from a hot lock: so much is done under it that it is the program (the switch interval of
 * CPython's interpreter lock is 5 ms); shorter holds are cured by splitting, which is what lock-contention says. The computing is the
 * threads' CPU time over the grants, so that a crowded machine, where a hold lasts longer, does not make a hot lock a global one. Where
 * the CPU time is not known the hold itself must last 1.5 ms.
 */
record GlobalLockRule(
        double minHeld, Duration minHold, Duration minWork, double minWorkShare, double minShare, int minThreads)
        implements Rule<LockWindow> {
    /** What is known of the cores and of the holds is not exact. */
    private static final double HALF = 0.5;

    static final GlobalLockRule DEFAULT =
            new GlobalLockRule(0.8, Duration.ofNanos(1_500_000), Duration.ofMillis(1), 0.8, 0.4, 3);
    private static final int MIN_SAMPLES = 20;

    /** A hold's computing, or its length where that is not known. */
    private boolean longEnough(LockTrouble trouble) {
        double share = trouble.workShare(MIN_SAMPLES);
        Duration work = trouble.workPerGrant();
        if (Double.isNaN(share) || work.isZero()) {
            return trouble.meanHold().compareTo(minHold) >= 0;
        }
        return share >= minWorkShare && work.toNanos() * share >= minWork.toNanos();
    }

    /** As far as holders were seen, they do; else the program, if that is known, uses as much of a core as it takes to hold the lock. */
    private static boolean computes(LockTrouble trouble, double held) {
        Doing doing = trouble.worst().map(LockWindow.Blame::doing).orElse(Doing.UNKNOWN);
        double cores = trouble.all.coresUsed();
        return doing == Doing.UNKNOWN ? cores == 0 || cores >= HALF * held : !doing.blocking();
    }

    @Override
    public Kind kind() {
        return Kind.GLOBAL_LOCK;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean candidate = LockContentionRule.DEFAULT.passed(trouble)
                && lock.kind().exclusive()
                && lock.objects() == 1
                && lock.waiters() >= minThreads
                && longEnough(trouble);
        double held = lock.holds() > 0
                ? Math.min(1, lock.held().toNanos() / 1e9 / all.seconds())
                : Math.min(1, trouble.lost());
        if (!candidate || !computes(trouble, held) || held < minHeld || trouble.shareOfActive() < minShare) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(
                new Finding.GlobalLock(trouble.details(text(trouble, held)), lock, Math.max(1, all.coresUsed())));
    }

    private Text text(LockTrouble trouble, double held) {
        LockWindow lock = trouble.lock;
        double cores = trouble.all.cores();
        String what = "%s serialises %s: they take turns, and the work of about one gets done."
                .formatted(trouble.name(), Words.count(lock.waiters(), "thread"));
        String why =
                "The lock is held %s of the time, %s at a time, and the holder computes%s; %s of the threads that want to get on wait for it."
                        .formatted(
                                Words.percent(held),
                                Words.time(trouble.meanHold()),
                                trouble.worst()
                                        .filter(cell -> cell.doing() == Doing.RUNS && cell.holder() != null)
                                        .map(cell -> " at " + Words.place(cell.holder()))
                                        .orElse(""),
                                Words.percent(trouble.shareOfActive()));
        String change = trouble.code()
                .instead()
                .map(instead ->
                        "Use " + instead + " in place of " + trouble.shortName() + ", whose methods all take one lock.")
                .or(trouble.code()::copied)
                .or(trouble.code()::readLock)
                .or(() -> ForeignLock.change(trouble))
                .orElse("Give each thread a lock and state of its own, or compute outside " + trouble.name()
                        + " and hold it only to publish the result."
                        + trouble.code().choice());
        double possible = cores > 0 ? Math.min(cores, lock.waiters()) : lock.waiters();
        String expect = "Up to %s times the throughput: %s for %s waiting threads, one used under the lock."
                .formatted(
                        Words.number(possible),
                        cores > 0 ? Words.number(cores) + " cores" : "a core each",
                        lock.waiters());
        String threshold =
                "Held at least %s of the time, %s at a time, by at least %s of the active threads; here %s, %s and %s."
                        .formatted(
                                Words.percent(minHeld),
                                Words.time(minHold),
                                Words.percent(minShare),
                                Words.percent(held),
                                Words.time(trouble.meanHold()),
                                Words.percent(trouble.shareOfActive()));
        return new Text(what, why, trouble.cost(), change, expect, trouble.certainty(), threshold);
    }
}
