// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds locks whose holder sleeps, reads, writes or waits for something else while others wait for it.
 *
 * <p>The holder must have been proved to hold the lock at that time (see HolderFinder). Two fifths of the wait must be explained so, since
 * the rest is often not seen. Waits of 2 ms on average are asked for: a short one costs less than the move of the call is worth.
 */
record LockHeldAcrossBlockingRule(double minExplained, double minLost, Duration minMeanWait)
        implements Rule<LockWindow> {
    static final LockHeldAcrossBlockingRule DEFAULT = new LockHeldAcrossBlockingRule(0.4, 0.1, Duration.ofMillis(2));

    private static final Set<String> UNDER_WAITS =
            Set.of("java.lang.Object", "java.lang.Thread", "java.lang.VirtualThread");

    @Override
    public Kind kind() {
        return Kind.LOCK_HELD_ACROSS_BLOCKING;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        Duration mean = lock.contentions() == 0 ? lock.waitingTotal() : lock.meanWait();
        if (!lock.kind().isLock() || trouble.lends() || trouble.lost() < minLost || mean.compareTo(minMeanWait) < 0) {
            return Verdict.CLEAR;
        }
        List<LockWindow.Blame> blame = trouble.blame();
        Duration total = sum(blame);
        List<LockWindow.Blame> blocking =
                blame.stream().filter(cell -> cell.doing().blocking()).toList();
        double explained = (double) sum(blocking).toNanos() / Math.max(1, total.toNanos());
        Optional<LockWindow.Blame> cause = blocking.stream().findFirst();
        boolean left = trouble.stuck() && LockLeaver.of(trouble).isPresent(); // the call is not made under the lock
        if (cause.isEmpty() || explained < minExplained || left) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(new Finding.LockHeldAcrossBlocking(
                trouble.details(text(trouble, cause.get(), explained)), lock, cause.get()));
    }

    private Text text(LockTrouble trouble, LockWindow.Blame cause, double explained) {
        LockWindow lock = trouble.lock;
        String owner = lock.owners().isEmpty()
                ? "The holder"
                : lock.owners().get(0).thread().label();
        boolean waitingNow = trouble.stuck();
        String what = waitingNow
                ? "%s %s for %s, held by %s, which %s."
                        .formatted(
                                trouble.waiters(),
                                lock.waiters() == 1 ? "waits" : "wait",
                                trouble.name(),
                                owner,
                                cause.doing().words())
                : "%s waited %s for %s, whose holder %s."
                        .formatted(
                                trouble.waiters(),
                                Words.time(lock.waitTotal()),
                                trouble.name(),
                                cause.doing().words());
        boolean initialises = initialises(trouble);
        String why = owner + " " + LockTrouble.holderDoes(cause)
                + (initialises ? " while it initialises the class; " : " while it holds the lock; ")
                + Words.percent(explained) + " of the wait is explained by such calls.";
        String expect = (lock.contentions() == 0 ? "The wait" : "Mean wait " + Words.time(lock.meanWait()))
                + " falls by about " + Words.percent(explained) + ", the share in which the holder was seen blocking.";
        String threshold =
                "The holder blocks for at least %s of the wait, and %s thread-seconds are lost per second; here %s and %s."
                        .formatted(
                                Words.percent(minExplained),
                                Words.number(minLost),
                                Words.percent(explained),
                                Words.number(trouble.lost()));
        return new Text(what, why, trouble.cost(), change(trouble, cause), expect, trouble.certainty(), threshold);
    }

    private static boolean initialises(LockTrouble trouble) {
        return trouble.lock.kind() == WaitKind.CLASS_INIT;
    }

    private static String change(LockTrouble trouble, LockWindow.Blame cause) {
        Optional<String> jdk = ofJdk(cause);
        if (jdk.isPresent()) {
            return "The lock is %s's own: call it from fewer threads at %s, or make what it waits for inside quicker."
                    .formatted(jdk.get(), Words.place(cause.holder()));
        }
        if (ofLibrary(cause)) {
            return "The lock and the call at " + Words.place(cause.holder()) + " are a library's: ask for less there"
                    + LentOutRule.calledFrom(trouble.lock) + ", or make what it waits for quicker.";
        }
        if (initialises(trouble)) {
            return "Move what takes long out of the static initialiser of " + trouble.shortName() + ", at "
                    + Words.place(cause.holder()) + ": do it in a method that is called before or after.";
        }
        return callsBack(trouble.lock, cause)
                ? keepQuick(trouble.shortName(), trouble.lock, cause)
                : change(trouble.shortName(), cause) + trouble.code().choice();
    }

    /** Nobody who runs it can move the call out of the lock. */
    private static boolean ofLibrary(LockWindow.Blame cause) {
        Frame holder = cause.holder();
        Frame taken = cause.takenAt();
        return holder != null
                && Libraries.has(holder.className())
                && (taken == null || Libraries.has(taken.className()));
    }

    /** The class of the JDK in which both waiter and holder stand, so that its code takes the lock and blocks under it. */
    private static Optional<String> ofJdk(LockWindow.Blame cause) {
        Set<String> waiter = jdkClasses(cause.waiterStack());
        return jdkClasses(cause.holderStack()).stream()
                .filter(waiter::contains)
                .reduce((inner, outer) -> outer)
                .map(Words::simple);
    }

    /** Those whose code was called, without locks and what lies under every wait. */
    private static Set<String> jdkClasses(Stack stack) {
        return stack.frames().stream()
                .takeWhile(Frame::isJdk)
                .filter(frame -> !frame.isLock() && frame.className().startsWith("java."))
                .map(Frame::className)
                .filter(name -> !UNDER_WAITS.contains(name))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String ofLibraryCalledFrom(Frame holder, LockWindow.Blame cause) {
        return Libraries.has(holder.className()) ? LentOutRule.calledFrom(cause.holderStack()) : "";
    }

    /** A library runs the application's code under a lock of its own, as a cache does that loads. */
    private static boolean callsBack(LockWindow lock, LockWindow.Blame cause) {
        Frame holder = cause.holder();
        Frame taken = cause.takenAt();
        return holder != null
                && Libraries.has(taken == null ? lock.name() : taken.className())
                && !Libraries.has(holder.className())
                && !holder.isJdk();
    }

    private static String keepQuick(String name, LockWindow lock, LockWindow.Blame cause) {
        Frame taken = cause.takenAt();
        boolean cache = cause.holderStack().frames().stream()
                .anyMatch(frame -> Libraries.has(frame.className()) && LoadWaitRule.isCache(frame));
        return "%s runs the code at %s under its lock %s: do there what does not block%s."
                .formatted(
                        taken == null ? Words.simple(lock.name()).replaceFirst("[.\\[ ].*", "") : Words.place(taken),
                        Words.place(cause.holder()),
                        name,
                        cache
                                ? ", or let the cache load outside of it: a value that is refreshed before it expires, or that is a future,"
                                        + " keeps nobody waiting at the lock"
                                : ", or call it with what was fetched before");
    }

    /** What to change depends on what the holder waits for. */
    private static String change(String lock, LockWindow.Blame cause) {
        Frame taken = cause.takenAt();
        String where = taken == null || taken.equals(cause.holder()) ? "" : " (taken at " + Words.place(taken) + ")";
        String at = cause.holder() == null
                ? ""
                : " at " + Words.place(cause.holder()) + ofLibraryCalledFrom(cause.holder(), cause);
        if (DeadlockText.computes(cause.holderStack())) {
            return "Do not wait inside the function that is given to compute or merge of " + lock + at
                    + ": get the value before, or put a CompletableFuture into the map that only those wait for who want this key.";
        }
        String other = cause.detail() == null ? "another lock" : Words.simple(cause.detail());
        return switch (cause.doing()) {
            case SLEEPS -> "Give back " + lock + where + " before sleeping" + at + ".";
            case READS_SOCKET, OPENS_FILE, READS_FILE, LOOKS_UP_HOST, WAITS_FOR_PROCESS, WAITS_FOR_ANSWER ->
                "Make the call" + at + " before taking " + lock + where
                        + ", and hold the lock only to store the result.";
            case LOCKS_FILE -> "Take the lock on the file" + at + " before " + lock + where + ".";
            case WRITES_SOCKET, WRITES_FILE ->
                "Collect what is to be written while holding " + lock + where + ", and write it" + at
                        + " after giving the lock back, or in a thread of its own.";
            case WAITS_FOR_LOCK ->
                "Do not wait for " + other + " while holding " + lock + where + ": take it first, or give " + lock
                        + " back before taking " + other + at + ".";
            case WAITS_FOR_QUEUE -> "Give back " + lock + where + " before waiting at the queue" + at + ".";
            case WAITS_FOR_SIGNAL ->
                "Give back " + lock + where + " before waiting for the signal" + at
                        + ": who is to give it may need the lock, and a wait gives back only the lock it is called on.";
            case RUNS, WAITS_FOR_WORK, WAITS_FOR_CORE, PAUSED, IN_NATIVE, UNKNOWN -> "Hold " + lock + " for less.";
        };
    }

    private static Duration sum(List<LockWindow.Blame> cells) {
        return cells.stream().map(LockWindow.Blame::waited).reduce(Duration.ZERO, Duration::plus);
    }
}
