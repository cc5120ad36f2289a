// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
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
    /** Three fifths: of some waits nobody saw who ended them. */
    static final LentOutRule DEFAULT = new LentOutRule(LockContentionRule.DEFAULT, 0.6);

    private static final int MIN_WAITERS = 3;
    private static final Pattern LENDER = Pattern.compile("Pool|Limiter|Manager|DataSource|Factory|Broker");

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        double share = (double) lock.passedOn().toNanos()
                / Math.max(1, lock.waitTotal().toNanos());
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean signal = lock.kind() == WaitKind.CONDITION || lock.kind() == WaitKind.OBJECT_WAIT;
        if (!(signal || trouble.lends())
                || lock.waiters() < MIN_WAITERS
                || share < minPassedOn
                || !contention.costs(trouble)) {
            return Verdict.CLEAR;
        }
        String place = place(lock);
        String user = user(lock)
                .map(frame -> " (called from " + Words.place(frame) + ")")
                .orElse("");
        Text text = new Text(
                "%s %s of thread time in %s to a shortage: each waits %s in %s for what another of them gives back."
                        .formatted(
                                trouble.waiters() + " lose",
                                Words.time(lock.waitTotal().plus(lock.waitingTotal())),
                                Words.time(all.range().length()),
                                Words.time(lock.meanWait()),
                                place),
                trouble.worst()
                                .map(cell -> "Who has it meanwhile " + LockTrouble.holderDoes(cell) + ". ")
                                .orElse("")
                        + "About " + Words.number((double) Math.round(trouble.atWork())) + " of " + lock.waiters()
                        + " are at work at a time"
                        + user + ".",
                trouble.cost(),
                "Let " + lender(lock) + " lend more, if what is behind it can bear that, or keep it for less time"
                        + user + ".",
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
        return new Verdict.Found(new Finding.LockContention(details(trouble, text, place), lock));
    }

    /** One finding for a method that waits, be it at several lines or on many objects. */
    private static Details details(LockTrouble trouble, Text text, String place) {
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

    private static String place(LockWindow lock) {
        return lock.sites().stream()
                .findFirst()
                .map(site -> site.site() == null ? lock.name() : Words.place(site.site()))
                .orElse(lock.name());
    }

    /** The innermost class that calls itself a pool or the like; else the one whose method waits, or the semaphore. */
    private static String lender(LockWindow lock) {
        if (lock.kind() == WaitKind.SEMAPHORE || lock.sites().isEmpty()) {
            return Words.simple(lock.name());
        }
        List<String> classes = lock.sites().get(0).stack().frames().stream()
                .filter(frame -> !frame.isJdk())
                .map(frame -> Words.simple(frame.className()).replaceFirst("\\$.*", ""))
                .toList();
        return classes.stream()
                .filter(name -> LENDER.matcher(name).find())
                .findFirst()
                .or(() -> classes.stream().findFirst())
                .orElse(lock.name());
    }

    /** The innermost frame that is neither of the library that lends nor of the JDK. */
    private static Optional<Frame> user(LockWindow lock) {
        List<Frame> frames =
                lock.sites().isEmpty() ? List.of() : lock.sites().get(0).stack().frames();
        Optional<Frame> waits = frames.stream().filter(frame -> !frame.isJdk()).findFirst();
        String library = waits.map(frame -> root(frame.className())).orElse("");
        return frames.stream()
                .filter(frame -> !frame.isJdk() && !root(frame.className()).equals(library))
                .findFirst();
    }

    /** The first two parts of the package. */
    private static String root(String className) {
        int first = className.indexOf('.');
        int second = first < 0 ? -1 : className.indexOf('.', first + 1);
        return second < 0 ? className : className.substring(0, second);
    }
}
