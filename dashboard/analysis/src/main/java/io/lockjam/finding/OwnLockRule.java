// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.LibraryEntry;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.LockWindow;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds locks that an application or library makes itself of wait and notify, of a condition, or of park and unpark: row locks of a database in
 * the process, a mutex.
 *
 * <p>The JVM sees a wait for a signal, which may as well be one for work. It is a lock if a method on the stack calls itself so; or, as workers without
 * work also park and wake each other, except where threads park, if one thread at a time gets on, and by their code the waiters give back what they wait for, or two that wait inside a library end each other's waits.
 */
record OwnLockRule(LockContentionRule contention, double minPassedOn) implements Rule<LockWindow> {
    static final OwnLockRule DEFAULT = new OwnLockRule(LockContentionRule.DEFAULT, LentOutRule.DEFAULT.minPassedOn());

    /** More at work at a time are given out one by one; see {@link LentOutRule}. */
    private static final double MOST_AT_WORK = 1.5;

    /** Half of the threads: with more at work nobody waits long for a turn. */
    private static final double MOST_OF_RESULTS = 0.5;

    /** Of the application's and its libraries', from the wait outwards. */
    private static final int FRAMES = 8;

    private static final Pattern WORDS = Pattern.compile("(?=[A-Z])|_");
    private static final Pattern LOCK = Pattern.compile("lock|locks|mutex");

    /** What says by its name that it is the result of a task: workers that run each other's tasks end each other's waits, too. */
    private static final Pattern RESULT = Pattern.compile("Promise|Future|Deferred|Completion");

    /** The textbook's names for what readers and writers call before they begin; the verb says that it is no read itself. */
    private static final Pattern READ_OR_WRITE = Pattern.compile(
            "(begin|start|enter|acquire|request)(Shared|Exclusive)?(Read(ing|er)?|Writ(e|ing|er))(Access)?|(acquire|enter)(Shared|Exclusive)");

    private static final Pattern HAVING = Pattern.compile("with|under|in|inside|holding|while|run|execute|call");

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean signal = lock.kind() == WaitKind.CONDITION || lock.kind() == WaitKind.OBJECT_WAIT;
        boolean park = lock.kind() == WaitKind.PARK;
        boolean result = isResultOfLibrary(lock);
        boolean permit = isPermitOfLibrary(lock);
        boolean called = isOfResults(lock) && calledLock(lock).isPresent();
        if (!(signal || park || result || permit || called) || !contention.costs(trouble)) {
            return Verdict.CLEAR;
        }
        Optional<String> why = (result ? Optional.<String>empty() : named(lock))
                .or(() -> calledLock(lock))
                .or(() -> park || permit || trouble.code().takesTurns() ? Optional.empty() : inTurn(trouble));
        return why.isEmpty()
                ? Verdict.CLEAR
                : new Verdict.Found(new Finding.LockContention(
                        LentOutRule.details(trouble, text(trouble, why.get()), LentOutRule.place(lock)), lock));
    }

    /** Of a latch or a future that lasts for one wait, as libraries make for each transaction that wants a row. */
    private static boolean isResultOfLibrary(LockWindow lock) {
        boolean result = lock.kind() == WaitKind.LATCH || lock.kind() == WaitKind.FUTURE;
        return result
                && lock.sites().stream()
                        .limit(1)
                        .flatMap(site -> site.stack().frames().stream()
                                .filter(frame -> !frame.isJdk())
                                .limit(1))
                        .anyMatch(frame -> Libraries.has(frame.className())
                                && !LentForGoodRule.borrows(frame)
                                && !isResult(frame));
    }

    private static boolean isOfResults(LockWindow lock) {
        return lock.kind() == WaitKind.LATCH || lock.kind() == WaitKind.FUTURE;
    }

    /** Of results that a library waits for in a call which says that it locks: the lock may be elsewhere, as in a cache or a server. */
    private static Optional<String> calledLock(LockWindow lock) {
        return !isOfResults(lock)
                ? Optional.empty()
                : lock.sites().stream()
                        .limit(1)
                        .flatMap(site -> LibraryEntry.of(site.stack()).stream())
                        .map(LibraryEntry::called)
                        .filter(OwnLockRule::saysLock)
                        .findFirst()
                        .map(frame -> Words.place(frame) + " says by its name that it is a lock.");
    }

    /** Whether a method is of what says by its name that it is a result to come. */
    static boolean isResult(Frame frame) {
        return RESULT.matcher(frame.className()).find();
    }

    /** Of a semaphore by which a library lets those go on that want a lock which is elsewhere, such as in a server. */
    static boolean isPermitOfLibrary(LockWindow lock) {
        return lock.kind() == WaitKind.SEMAPHORE
                && lock.sites().stream()
                        .limit(1)
                        .flatMap(site -> site.stack().frames().stream()
                                .filter(frame -> !frame.isJdk())
                                .limit(1))
                        .anyMatch(frame -> Libraries.has(frame.className()) && saysLock(frame));
    }

    /** How it is known by a name; empty if none says so. */
    private static Optional<String> named(LockWindow lock) {
        return lock.sites().stream()
                .limit(1)
                .flatMap(site -> site.stack().frames().stream()
                        .filter(frame -> !frame.isJdk())
                        .limit(FRAMES))
                .filter(OwnLockRule::saysLock)
                .findFirst()
                .map(frame -> Words.place(frame) + " says by its name that it is a lock.");
    }

    /** Camel case: {@code lockRow} and {@code waitForLock}, not {@code unlock} or {@code block}, nor {@code runWithLock}, which has it already. */
    private static boolean saysLock(Frame frame) {
        List<String> words = WORDS.splitAsStream(frame.method())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        return READ_OR_WRITE.matcher(frame.method()).matches()
                || (words.stream().anyMatch(word -> LOCK.matcher(word).matches())
                        && words.stream().noneMatch(word -> HAVING.matcher(word).matches()));
    }

    private Optional<String> inTurn(LockTrouble trouble) {
        boolean result = isResultOfLibrary(trouble.lock);
        if (trouble.atWork() >= (result ? trouble.lock.waiters() * MOST_OF_RESULTS : MOST_AT_WORK)) {
            return Optional.empty();
        }
        if (!result && trouble.code().givesBack()) {
            return Optional.of("By the code who waits there wakes the next one later.");
        }
        LockWindow lock = trouble.lock;
        boolean mutual = (lock.waiters() == 2 || (lock.waiters() > 2 && result))
                && lock.passedOn().toNanos() >= minPassedOn * lock.waitTotal().toNanos()
                && LentOutRule.user(lock).isPresent();
        return mutual
                ? Optional.of(
                        (lock.waiters() == 2 ? "Both" : "The") + " threads that wait there end each other's waits.")
                : Optional.empty();
    }

    private Text text(LockTrouble trouble, String sign) {
        LockWindow lock = trouble.lock;
        boolean one = lock.waiters() == 1;
        String user = LentOutRule.calledFrom(lock);
        String ender = hadIt(trouble) && endedMost(lock)
                ? lock.releasers().get(0).thread().label()
                : "who has it";
        String at = trouble.worst()
                .filter(cell -> hadIt(trouble))
                .map(LockWindow.Blame::holder)
                .map(frame -> " what it does at " + Words.place(frame))
                .orElse(" what takes long");
        return new Text(
                "%s %s %s of thread time in %s to a lock made of %s: %s waits %s in %s%s."
                        .formatted(
                                trouble.waiters(),
                                one ? "loses" : "lose",
                                trouble.lostTime(),
                                Words.time(trouble.all.range().length()),
                                madeOf(lock.kind()),
                                one ? "it" : "each",
                                Words.time(lock.contentions() == 0 ? lock.waitingTotal() : lock.meanWait()),
                                LentOutRule.place(lock),
                                user),
                ended(trouble) + sign,
                trouble.cost(),
                "Let " + ender + " have it for less time: move" + at + " before it takes it or after it gives it back.",
                "Half the time that it is kept gives back at least half of the wait, about "
                        + Words.number(trouble.lost() / 2) + " thread-seconds per second.",
                trouble.certainty(),
                "At least %s thread-seconds lost per second and %s of the threads that want to get on; here %s and %s."
                        .formatted(
                                Words.number(contention.minLost()),
                                Words.percent(contention.minShare()),
                                Words.number(trouble.lost()),
                                Words.percent(trouble.shareOfActive())));
    }

    private static String madeOf(WaitKind kind) {
        return switch (kind) {
            case CONDITION -> "a condition";
            case LATCH -> "latches";
            case FUTURE -> "futures";
            case PARK -> "park and unpark";
            case SEMAPHORE -> "a semaphore";
            default -> "wait and notify";
        };
    }

    /** Who ended the waits, and what that thread did meanwhile. */
    private static String ended(LockTrouble trouble) {
        LockWindow lock = trouble.lock;
        if (lock.releasers().isEmpty()) {
            return "Who ends the waits was not seen. ";
        }
        String most = lock.releasers().get(0).thread().label();
        long ended = Math.min(lock.releasers().get(0).waits(), lock.sampledWaits());
        String sampled = Words.count(lock.sampledWaits(), "wait") + " that were sampled";
        String who = endedMost(lock)
                ? most + " ended " + ended + " of the " + sampled
                : "Several threads ended the " + sampled + " (" + most + " " + ended + " of them)";
        if (!hadIt(trouble)) {
            return who + ": it tells the next one, and need not have had it. ";
        }
        return who
                + trouble.worst()
                        .filter(cell -> cell.doing() != Doing.UNKNOWN)
                        .map(cell -> "; who had it meanwhile " + LockTrouble.holderDoes(cell))
                        .orElse("; what who had it did meanwhile was not seen")
                + ". ";
    }

    /** Whether one thread ended more than half of the waits: else they take turns. */
    private static boolean endedMost(LockWindow lock) {
        return 2L * lock.releasers().get(0).waits() > lock.sampledWaits();
    }

    /** Whether who ended the waits waits there as well or was at work meanwhile; else it may only pass on what another gave back elsewhere. */
    private static boolean hadIt(LockTrouble trouble) {
        List<LockWindow.Part> enders = trouble.lock.releasers();
        boolean atWork = trouble.worst()
                .filter(cell -> cell.doing() != Doing.UNKNOWN && cell.doing() != Doing.WAITS_FOR_WORK)
                .isPresent();
        return !enders.isEmpty()
                && (atWork
                        || trouble.lock.waitingThreads().stream()
                                .anyMatch(part ->
                                        part.thread().equals(enders.get(0).thread())));
    }
}
