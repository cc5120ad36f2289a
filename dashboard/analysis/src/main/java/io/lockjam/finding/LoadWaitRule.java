// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds threads that wait for a value which another of them loads into a cache, again and again: all come at once when it has expired.
 *
 * <p>A cache of a library lets one thread load and the others wait for its result. So the waits are in a class that calls itself a cache, and each is
 * ended by a thread that waits there itself at other times: one that only answers, such as a reader of a socket, does not.
 */
record LoadWaitRule(LockContentionRule contention, double minPassedOn) implements Rule<LockWindow> {
    static final LoadWaitRule DEFAULT = new LoadWaitRule(LockContentionRule.DEFAULT, LentOutRule.DEFAULT.minPassedOn());

    /** From the wait outwards: the future's own, and those of the cache. */
    private static final int FRAMES = 6;

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean result =
                lock.kind() == WaitKind.PARK || lock.kind() == WaitKind.FUTURE || lock.kind() == WaitKind.LATCH;
        Optional<Frame> cache = cache(lock);
        if (!result || cache.isEmpty() || endedByWaiters(lock) < minPassedOn || !contention.costs(trouble)) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(new Finding.LockContention(
                LentOutRule.details(trouble, text(trouble, cache.get()), LentOutRule.place(lock)), lock));
    }

    /** Share of the waits, be they many that end at once. */
    private static double endedByWaiters(LockWindow lock) {
        Set<ThreadRef> waiters =
                lock.waitingThreads().stream().map(LockWindow.Part::thread).collect(Collectors.toSet());
        long all = lock.releasers().stream().mapToLong(LockWindow.Part::waits).sum();
        long by = lock.releasers().stream()
                .filter(part -> waiters.contains(part.thread()))
                .mapToLong(LockWindow.Part::waits)
                .sum();
        return (double) by / Math.max(1, all);
    }

    static boolean isCache(Frame frame) {
        return Words.simple(frame.className()).replaceFirst("\\$.*", "").contains("Cache");
    }

    private static Optional<Frame> cache(LockWindow lock) {
        return lock.sites().stream()
                .limit(1)
                .flatMap(site -> site.stack().frames().stream())
                .filter(frame -> !frame.isJdk())
                .limit(FRAMES)
                .filter(frame -> Libraries.has(frame.className()) && isCache(frame))
                .findFirst();
    }

    private Text text(LockTrouble trouble, Frame cache) {
        LockWindow lock = trouble.lock;
        String name = Words.simple(cache.className()).replaceFirst("\\$.*", "");
        String user = LentOutRule.calledFrom(lock);
        String loads = trouble.worst()
                .map(LockWindow.Blame::holder)
                .map(frame -> " at " + Words.place(frame))
                .orElse("");
        return new Text(
                "%s lose %s of thread time in %s while another of them loads a value into %s: each waits %s."
                        .formatted(
                                trouble.waiters(),
                                trouble.lostTime(),
                                Words.time(trouble.all.range().length()),
                                name,
                                Words.time(lock.meanWait())),
                trouble.worst()
                                .map(cell -> "Who loads " + LockTrouble.holderDoes(cell) + ". ")
                                .orElse("")
                        + "They wait in " + LentOutRule.place(lock) + user + ".",
                trouble.cost(),
                "Load a value before it expires and give the old one meanwhile (Guava and Caffeine: refreshAfterWrite with a loader that"
                        + " works in another thread), or make the load" + loads + " quicker.",
                "Nobody waits for a load as long as there is an old value.",
                trouble.certainty(),
                "At least %s thread-seconds lost per second, and %s of the wait ended by threads that wait there, too; here %s."
                        .formatted(
                                Words.number(contention.minLost()),
                                Words.percent(minPassedOn),
                                Words.number(trouble.lost())));
    }
}
