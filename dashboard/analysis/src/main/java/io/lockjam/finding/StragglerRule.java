// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.window.LockWindow;
import java.time.Duration;

/**
 * Finds the thread for which the others wait in nearly each round of a barrier or phaser: it has more to do than they, or does it more slowly.
 *
 * <p>Parties that are even come last in turn, and then there is nobody to name.
 */
record StragglerRule(LockContentionRule contention, double minShare, int minRounds, double minPart)
        implements Rule<LockWindow> {
    /** Of two even parties one comes last in 70 % of five rounds or more only by chance; less than a fifth of a thread's time is not worth a change. */
    static final StragglerRule DEFAULT = new StragglerRule(LockContentionRule.DEFAULT, 0.7, 5, 0.2);

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        if (lock.last().isEmpty() || trouble.stuck() || !contention.costs(trouble)) {
            return Verdict.CLEAR;
        }
        LockWindow.Part slowest = lock.last().get(0);
        long rounds = lock.last().stream().mapToLong(LockWindow.Part::waits).sum();
        Duration sampled = lock.last().stream().map(LockWindow.Part::waited).reduce(Duration.ZERO, Duration::plus);
        double share = (double) slowest.waited().toNanos() / Math.max(1, sampled.toNanos());
        long others = lock.waitingThreads().stream()
                .filter(part -> part.thread().id() != slowest.thread().id())
                .count();
        double part = trouble.lost() / Math.max(1, others);
        if (rounds < minRounds || share < minShare || slowest.waits() < minShare * rounds || part < minPart) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(new Finding.LockContention(
                trouble.details(text(trouble, slowest, new Figures(rounds, share, part))), lock));
    }

    /**
     * What the rule measures.
     *
     * @param share of the wait that is for the slowest
     * @param part of the time of each of the others
     */
    private record Figures(long rounds, double share, double part) {}

    private Text text(LockTrouble trouble, LockWindow.Part slowest, Figures figures) {
        LockWindow lock = trouble.lock;
        String last = slowest.thread().label();
        Frame at = trouble.worst().map(LockWindow.Blame::holder).orElse(null);
        String place = at == null ? "" : " at " + Words.place(at);
        String does = trouble.worst().map(LockTrouble::holderDoes).orElse("was not seen");
        return new Text(
                "%s comes last to %s in %d of %d rounds: the others wait %s for it each time."
                        .formatted(
                                last, trouble.name(), slowest.waits(), figures.rounds(), Words.time(lock.meanWait())),
                "Meanwhile it " + does + ".",
                trouble.cost(),
                "Give " + last + " less to do in a round" + place + ", or share it out among the others.",
                "A round is shorter by up to " + Words.time(lock.meanWait()) + ".",
                trouble.certainty() + " Who came last follows from who let the others go on.",
                "One thread is last in %s of at least %d rounds, and the others lose %s of their time; here %s of %d and %s."
                        .formatted(
                                Words.percent(minShare),
                                minRounds,
                                Words.percent(minPart),
                                Words.percent(figures.share()),
                                figures.rounds(),
                                Words.percent(figures.part())));
    }
}
