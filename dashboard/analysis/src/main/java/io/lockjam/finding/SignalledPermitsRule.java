// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Initial;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds semaphores that bound what is under way between threads: some take a permit, others release it when they are done.
 *
 * <p>Nobody holds such a permit, so the other rules on locks do not apply. One that begins without permits is a signal that there is work, and who
 * waits for it is idle. A single thread that hands out work is to wait.
 */
record SignalledPermitsRule(LockContentionRule contention, int minWaiters) implements Rule<LockWindow> {
    static final SignalledPermitsRule DEFAULT = new SignalledPermitsRule(LockContentionRule.DEFAULT, 2);
    private static final int MOST_NAMED = 3;
    private static final int SITES_ASKED = 5;
    /** Users of permits wait for each other; of signals hardly any is given by a thread that waits for one. */
    private static final double MOST_BY_WAITERS = 0.25;

    /**
     * Whether the permits of a semaphore come from threads that wait for none, while the waiters' code gives none back: they tell that something
     * is there or is free again. Where several are released at once, who gets one wakes the next; that it began without any says the same.
     */
    static boolean isSignalled(LockTrouble trouble) {
        LockWindow lock = trouble.lock;
        boolean byOthers = lock.endedByWaiters().toNanos()
                < MOST_BY_WAITERS * lock.waitTotal().toNanos();
        return lock.kind() == WaitKind.SEMAPHORE
                && !lock.releasers().isEmpty()
                && (byOthers || beginsWithout(lock, trouble.all))
                && lock.sites().stream().limit(SITES_ASKED).noneMatch(site -> trouble.releases(site.stack()));
    }

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        if (lock.waiters() < minWaiters || !contention.costs(trouble) || beginsWithout(lock, all)) {
            return Verdict.CLEAR;
        }
        List<String> releasers = releasers(lock);
        Text text = new Text(
                "%s lose %s of thread time in %s to permits of %s, which other threads release."
                        .formatted(
                                trouble.waiters(),
                                trouble.lostTime(),
                                Words.time(all.range().length()),
                                trouble.name()),
                Words.list(releasers) + (releasers.size() == 1 ? " ends" : " end")
                        + " the waits"
                        + (releasers.size() < lock.releasers().size() ? " with others" : "")
                        + trouble.worst()
                                .filter(cell -> cell.holder() != null)
                                .map(cell -> "; meanwhile the first of them " + LockTrouble.holderDoes(cell))
                                .orElse("")
                        + ".",
                trouble.cost(),
                "Make the work after which " + trouble.shortName()
                        + " is released quicker, or let more threads do it; more permits help only if more of it can be done at once.",
                "The waits end as fast as permits are released.",
                trouble.certainty(),
                "At least %s thread-seconds lost per second, and hardly a wait ended by threads that wait there, too; here %s."
                        .formatted(Words.number(contention.minLost()), Words.number(trouble.lost())));
        return new Verdict.Found(new Finding.LockContention(trouble.details(text), lock));
    }

    /** Without those that wait there, too: who gets a permit tells the next one if there are more. */
    private static List<String> releasers(LockWindow lock) {
        Set<ThreadRef> waiters =
                lock.waitingThreads().stream().map(LockWindow.Part::thread).collect(Collectors.toSet());
        return lock.releasers().stream()
                .map(LockWindow.Part::thread)
                .filter(thread -> !waiters.contains(thread))
                .map(ThreadRef::label)
                .limit(MOST_NAMED)
                .toList();
    }

    private static boolean beginsWithout(LockWindow lock, Situation all) {
        Stack stack = lock.sites().isEmpty() ? Stack.EMPTY : lock.sites().get(0).stack();
        return all.session().code().initial(stack, lock.name()) == Initial.NONE;
    }
}
