// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.LockWindow;
import java.time.Duration;
import java.util.List;

/**
 * Finds convoys: a queue of threads follows one lock from place to place, though each holds it for a moment only (Blasgen et al., 1979).
 *
 * <p>Signs, all needed: holds of at most 1 ms, waits of three holds and more, fifty grants a second, four threads, half a thread
 * lost all the time, and at least two different ways into the lock. Waits at one place only are plain contention.
 */
record LockConvoyRule(
        Duration maxHold, double minRatio, double minGrantsPerSecond, int minThreads, double minLost, int minPaths)
        implements Rule<LockWindow> {
    static final LockConvoyRule DEFAULT = new LockConvoyRule(Duration.ofMillis(1), 3, 50, 4, 0.5, 2);

    @Override
    public Kind kind() {
        return Kind.LOCK_CONVOY;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        Duration hold = trouble.meanHold();
        boolean convoy = LockContentionRule.DEFAULT.passed(trouble)
                && lock.kind().exclusive()
                && hold.compareTo(maxHold) <= 0
                && ratio(trouble) >= minRatio
                && lock.contentionsPerSecond() >= minGrantsPerSecond
                && lock.waiters() >= minThreads
                && trouble.lost() >= minLost;
        List<String> paths = convoy ? lock.ways() : List.of();
        if (paths.size() < minPaths) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(new Finding.LockConvoy(trouble.details(text(trouble, paths)), lock));
    }

    private Text text(LockTrouble trouble, List<String> paths) {
        LockWindow lock = trouble.lock;
        Duration hold = trouble.meanHold();
        String what = "%s queue for %s at every turn: each holds it for %s and waits %s."
                .formatted(
                        Words.count(lock.waiters(), "thread"),
                        trouble.name(),
                        Words.time(hold),
                        Words.time(lock.meanWait()));
        String why =
                "The lock is handed on %s times a second from %s places (%s), so whoever gives it back soon stands at the end of the queue again."
                        .formatted(Words.number(lock.contentionsPerSecond()), paths.size(), Words.list(paths));
        String change = (trouble.code().isSlowedByFairness()
                        ? "The lock is fair, so each time that it is given back the next in line has to be woken first: make it unfair. "
                        : "")
                + "Take " + trouble.name()
                + " less often: collect what the places do and do it once, or hand it to one thread through a queue.";
        String expect = "Each visit that goes saves one wait of " + Words.time(lock.meanWait()) + " (measured mean).";
        String threshold =
                "Holds of at most %s, waits of at least %s holds, %s grants a second, %s threads; here %s, %s, %s and %s."
                        .formatted(
                                Words.time(maxHold),
                                Words.number(minRatio),
                                Words.number(minGrantsPerSecond),
                                minThreads,
                                Words.time(hold),
                                Words.number(ratio(trouble)),
                                Words.number(lock.contentionsPerSecond()),
                                lock.waiters());
        return new Text(what, why, trouble.cost(), change, expect, trouble.certainty(), threshold);
    }

    /** Of a wait to a hold. */
    private static double ratio(LockTrouble trouble) {
        return (double) trouble.lock.meanWait().toNanos()
                / Math.max(1, trouble.meanHold().toNanos());
    }
}
