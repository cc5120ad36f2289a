// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import io.lockjam.window.WaitQuery;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds things that are lent out and too few: connections, buffers or permits of a pool that Lockjam does not know.
 *
 * <p>Such a pool shows itself by who ends the waits: each is ended by another of the threads that wait there, one at a time, when it gives back
 * what it had. A thread that brings work, an answer or a change of state waits for none itself, and a barrier lets all go at once.
 */
record LentOutRule(LockContentionRule contention, double minPassedOn) implements Rule<LockWindow> {
    /** Pools of six libraries showed 94 % and more; of some waits nobody saw who ended them. */
    static final LentOutRule DEFAULT = new LentOutRule(LockContentionRule.DEFAULT, 0.75);

    private static final int MIN_WAITERS = 3;
    /** Of a queue that by the code is a pool. */
    private static final int MIN_TAKERS = 2;

    /** Waits of a lock, to see whether it has owners. */
    private static final int LOOKS = 100;

    private static final Pattern LENDER = Pattern.compile("Pool|Limiter|Bulkhead|Manager|DataSource|Factory|Broker");
    private static final Pattern POOL = Pattern.compile("(?<!Thread|Worker|Task|Job)Pool|DataSource");

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean sure = isPool(lock) || trouble.code().givesBack();
        double share = (double) (sure ? lock.endedByWaiters() : lock.passedOn()).toNanos()
                / Math.max(1, lock.waitTotal().toNanos());
        if (lock.waiters() < (lock.kind().isQueue() ? MIN_TAKERS : MIN_WAITERS)
                || share < minPassedOn
                || trouble.code().isMutex()
                || !contention.costs(trouble)
                || !(sure || isLent(trouble))
                || trouble.code().takesTurns()) {
            return Verdict.CLEAR;
        }
        String place = place(lock);
        Text text = text(trouble, share, place);
        return new Verdict.Found(new Finding.LockContention(details(trouble, text, place), lock));
    }

    private Text text(LockTrouble trouble, double share, String place) {
        LockWindow lock = trouble.lock;
        String user = calledFrom(lock);
        return new Text(
                "%s %s of thread time in %s to a shortage: each waits %s in %s for what another of them gives back."
                        .formatted(
                                trouble.waiters() + " lose",
                                trouble.lostTime(),
                                Words.time(trouble.all.range().length()),
                                Words.time(lock.meanWait()),
                                place),
                trouble.worst()
                                .map(cell -> "Who has it meanwhile " + LockTrouble.holderDoes(cell) + ". ")
                                .orElse("")
                        + "At any moment about " + Math.round(trouble.lost()) + " of " + lock.waiters() + " wait" + user
                        + ".",
                trouble.cost(),
                LeftPermits.release(trouble)
                                .map(release -> release + " If nothing is thrown there, let ")
                                .orElse("Let ")
                        + lender(lock) + " lend more" + LenderSettings.of(stack(lock))
                        + ", if what is behind it can bear that, or keep it for less time" + user + ".",
                "Nobody waits once all " + lock.waiters()
                        + " may go on at once; twice as many give back about half of the wait.",
                trouble.certainty() + " Who ended a wait is known to be another waiter for "
                        + Words.percent(Math.min(1, share)) + " of the time.",
                "At least %s thread-seconds lost per second, and %s of the wait ended by threads that wait there, too; here %s and %s."
                        .formatted(
                                Words.number(contention.minLost()),
                                Words.percent(minPassedOn),
                                Words.number(trouble.lost()),
                                Words.percent(Math.min(1, share))));
    }

    /** A queue may as well hold work that takers make for each other: there only the code tells. */
    private static boolean isLent(LockTrouble trouble) {
        return switch (trouble.lock.kind()) {
            case CONDITION, OBJECT_WAIT -> true;
            case QUEUE_TAKE -> false;
            case FUTURE, LATCH ->
                trouble.lock.sites().stream()
                        .limit(1)
                        .flatMap(site -> site.stack().site().stream())
                        .anyMatch(LentForGoodRule::borrows);
            default -> trouble.lends();
        };
    }

    /** Whether a class on the stack calls itself a pool; one of threads hands out work. */
    private static boolean isPool(LockWindow lock) {
        boolean signal = lock.kind() == WaitKind.CONDITION || lock.kind() == WaitKind.OBJECT_WAIT;
        return signal
                && lock.sites().stream()
                        .limit(1)
                        .flatMap(site -> site.stack().frames().stream())
                        .anyMatch(frame -> !frame.isJdk() && isPool(frame.className()));
    }

    /**
     * Whether a library's own synchronizer keeps those that borrow from its pool waiting: a lock of which nobody is ever the owner.
     *
     * @param lock of any kind
     */
    static boolean isPoolsOwn(LockWindow lock, Situation all) {
        return lock.kind() == WaitKind.LOCK
                && Libraries.has(lock.className())
                && LentForGoodRule.borrowsFromPool(stack(lock))
                && all
                        .session()
                        .waits(
                                all.range(),
                                WaitQuery.all(LOOKS).forLock(lock.id()).withoutHolders())
                        .stream()
                        .allMatch(wait -> wait.owner() == null);
    }

    static boolean isPool(String className) {
        return POOL.matcher(className).find();
    }

    /** One finding for a method that waits, be it at several lines or on many objects. */
    static Details details(LockTrouble trouble, Text text, String place) {
        Details d = trouble.details(text);
        return new Details(
                "lent out|" + place.replaceFirst("\\(.*", ""),
                d.range(),
                d.subject(),
                text,
                d.impact(),
                d.where(),
                d.threads(),
                d.evidence(),
                d.instead());
    }

    static String place(LockWindow lock) {
        return lock.sites().stream()
                .findFirst()
                .map(site -> site.site() == null ? lock.name() : Words.place(site.site()))
                .orElse(lock.name());
    }

    /** The innermost class that calls itself a pool or the like; else the one whose method waits, or the semaphore or queue. */
    private static String lender(LockWindow lock) {
        boolean itself = lock.kind() == WaitKind.SEMAPHORE || lock.kind().isQueue();
        return itself || lock.sites().isEmpty()
                ? Words.simple(lock.name())
                : lender(lock.sites().get(0).stack(), lock);
    }

    static String lender(Stack stack, LockWindow lock) {
        List<String> classes = stack.frames().stream()
                .filter(frame -> !frame.isJdk())
                .map(frame -> lender(Words.simple(frame.className())))
                .toList();
        return classes.stream()
                .filter(name -> LENDER.matcher(name).find())
                .findFirst()
                .or(() -> classes.stream().findFirst())
                .orElse(lock.name());
    }

    /** Of a class within others the part that calls itself so, {@code Pool} of {@code Shop$Pool$Entry}; else all that has a name. */
    private static String lender(String className) {
        return Arrays.stream(className.split("\\$"))
                .filter(part -> LENDER.matcher(part).find())
                .findFirst()
                .orElse(className.replaceFirst("\\$[$\\d].*", ""));
    }

    /** In brackets where the library that lends was called; empty if no other code is on the stack. */
    static String calledFrom(LockWindow lock) {
        return calledFrom(stack(lock));
    }

    static String calledFrom(Stack stack) {
        return user(stack)
                .map(frame -> " (called from " + Words.place(frame) + ")")
                .orElse("");
    }

    private static Stack stack(LockWindow lock) {
        return lock.sites().isEmpty() ? Stack.EMPTY : lock.sites().get(0).stack();
    }

    static Optional<Frame> user(LockWindow lock) {
        return user(stack(lock));
    }

    /** The innermost frame that is neither of the library that lends nor of the JDK: the application's own, if there is one. */
    static Optional<Frame> user(Stack stack) {
        List<Frame> code =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        String library = code.isEmpty() ? "" : root(code.get(0).className());
        List<Frame> users = code.stream()
                .filter(frame -> !root(frame.className()).equals(library))
                .toList();
        return users.stream()
                .filter(frame -> !Libraries.has(frame.className()))
                .findFirst()
                .or(() -> users.stream().findFirst());
    }

    /** The first two parts of the package. */
    private static String root(String className) {
        int first = className.indexOf('.');
        int second = first < 0 ? -1 : className.indexOf('.', first + 1);
        return second < 0 ? className : className.substring(0, second);
    }
}
