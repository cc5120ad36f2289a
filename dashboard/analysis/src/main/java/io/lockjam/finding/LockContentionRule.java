// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Libraries;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.LockWindow;
import java.util.List;
import java.util.Optional;

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

    private static final String ENDED =
            "No thread that lives has it: the one that took it has ended without giving it back.";

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    /** Whether enough is lost for any rule on locks to speak. */
    boolean passed(LockTrouble trouble) {
        return trouble.lock.kind().isLock() && costs(trouble);
    }

    /** The same for anything that threads wait for. */
    boolean costs(LockTrouble trouble) {
        double lost = trouble.lost();
        boolean many = trouble.lock.contentions() + trouble.lock.waiting() >= minWaits
                || trouble.lock.waitingTotal().toSeconds() >= 2
                || (trouble.lock.sampled() && trouble.lock.waitTotal().toSeconds() >= 2); // ends may go unseen
        return many && lost >= minLost && (lost >= alwaysLost || trouble.shareOfActive() >= minShare);
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        LockTrouble trouble = new LockTrouble(lock, all);
        boolean throttle = trouble.lends() && lock.waiters() == 1; // one thread that hands out work, and is to wait
        if (!passed(trouble) || throttle || (trouble.stuck() && !trouble.isGivenBack())) {
            return Verdict.CLEAR;
        }
        Optional<LockLeaver> leaver = trouble.stuck() ? LockLeaver.of(trouble) : Optional.empty();
        Optional<String> held = trouble.heldByCode();
        Optional<String> left = held.isEmpty() && trouble.stuck() ? LeftPermits.release(trouble) : Optional.empty();
        boolean leaked = trouble.stuck()
                && (trouble.worst().isEmpty() || leaver.isPresent() || left.isPresent())
                && held.isEmpty();
        if (leaked && leaver.isEmpty() && knowsOwner(lock) && isForCarriers(lock, all)) {
            return Verdict.CLEAR;
        }
        boolean lost = leaked || isUnseen(trouble, held);
        String threshold =
                "At least %s thread-seconds lost per second and %s of the threads that want to get on; here %s and %s."
                        .formatted(
                                Words.number(minLost),
                                Words.percent(minShare),
                                Words.number(trouble.lost()),
                                Words.percent(trouble.shareOfActive()));
        Text text = new Text(
                what(trouble),
                leaver.map(each -> each.thread() + " has it and " + each.does())
                        .or(() -> held)
                        .orElseGet(() -> leaked ? nobodyHas(trouble) : trouble.why()),
                trouble.cost(),
                left.orElseGet(() -> lost ? giveBack(trouble, leaver) : change(trouble)),
                lost ? "The threads go on as soon as it is given back." : expect(trouble),
                trouble.certainty(),
                threshold);
        return new Verdict.Found(new Finding.LockContention(trouble.details(text), lock));
    }

    /** Of a lock that is not given back and whose holder is not seen to do anything, no shorter hold is to be asked. */
    private static boolean isUnseen(LockTrouble trouble, Optional<String> held) {
        return trouble.stuck()
                && held.isEmpty()
                && trouble.worst().filter(cell -> cell.doing() == Doing.UNKNOWN).isPresent();
    }

    private static String expect(LockTrouble trouble) {
        return trouble.code().readLock().isPresent()
                ? "Those that read wait only while somebody writes."
                : "Half the hold time gives back at least half of the wait, about "
                        + Words.number(trouble.lost() / 2)
                        + " thread-seconds per second (waits grow faster than linearly with hold time).";
    }

    private static String what(LockTrouble trouble) {
        LockWindow lock = trouble.lock;
        boolean one = lock.waiters() == 1;
        if (!trouble.stuck()) {
            return "%s %s %s of thread time in %s to %s."
                    .formatted(
                            trouble.waiters(),
                            one ? "loses" : "lose",
                            trouble.lostTime(),
                            Words.time(trouble.all.range().length()),
                            trouble.name());
        }
        return "%s %s for %s (%s so far)."
                .formatted(
                        trouble.waiters(),
                        one ? "waits" : "wait",
                        lock.kind() == WaitKind.SEMAPHORE
                                ? "a permit of " + trouble.name() + " and " + (one ? "gets" : "get") + " none"
                                : trouble.name() + ", which is not given back",
                        Words.time(lock.waitingTotal().dividedBy(Math.max(1, lock.waiting()))));
    }

    /** Whether a thread that has the lock and lives would be known. */
    private static boolean knowsOwner(LockWindow lock) {
        return lock.className().startsWith("java.util.concurrent.locks.Reentrant")
                && lock.kind().exclusive();
    }

    /** Whether virtual threads wait for what is free: who is next in line may be one that has no carrier, see {@link StillPinnedRule}. */
    private static boolean isForCarriers(LockWindow lock, Situation all) {
        return lock.waitingThreads().stream().allMatch(part -> part.thread().virtual())
                && all.carriers().stream().anyMatch(pool -> pool.queueDepth() > 0 && pool.busyMax() >= pool.size());
    }

    private static String nobodyHas(LockTrouble trouble) {
        if (trouble.lock.kind() != WaitKind.SEMAPHORE) {
            return knowsOwner(trouble.lock) ? ENDED : trouble.why();
        }
        String at = trouble.where().stream()
                .filter(place -> place.role().equals("waiter"))
                .findFirst()
                .map(place -> " at " + Words.place(place.frame())
                        + (Libraries.has(place.frame().className()) ? LentOutRule.calledFrom(place.stack()) : ""))
                .orElse("");
        return "They wait" + at + ", and no thread was seen that by its code has a permit"
                + nested(trouble)
                        .map(nested -> "." + nested.why())
                        .orElse(": those that took one have gone on without giving it back.");
    }

    private static String giveBack(LockTrouble trouble, Optional<LockLeaver> leaver) {
        Optional<LentForGoodRule.Nested> nested = nested(trouble);
        if (nested.isPresent()) {
            return nested.get().change();
        }
        if (trouble.lock.kind() == WaitKind.SEMAPHORE) {
            return "Find who keeps permits of " + trouble.name()
                    + ": every way out, an exception's too, must release them in a finally block."
                    + (trouble.lock.releasers().isEmpty()
                            ? ""
                            : " If threads that give one back take it again at once, before those that wait, make it fair: new Semaphore(permits, true).");
        }
        List<String> owners = Words.labels(trouble.lock.owners().stream().map(LockWindow.Part::thread));
        Optional<String> taker = leaver.map(LockLeaver::thread)
                .or(() -> owners.stream().findFirst().filter(any -> owners.size() == 1));
        return "Find "
                + taker.map(each -> "what " + each + " ran when it").orElse("who") + " took "
                + trouble.name()
                + " and did not give it back: every way out, an exception's too, must release it in a finally block.";
    }

    /** Who waits for a permit may have one already, as who borrows from a pool twice. */
    private static Optional<LentForGoodRule.Nested> nested(LockTrouble trouble) {
        return trouble.where().stream()
                .filter(place -> trouble.lock.kind() == WaitKind.SEMAPHORE
                        && place.role().equals("waiter"))
                .findFirst()
                .flatMap(place -> LentForGoodRule.nested(
                        place.stack(), LentOutRule.lender(place.stack(), trouble.lock), trouble.all));
    }

    /** What to do about a thread that waits for another task with a permit, as a sentence; empty if there is none. */
    private static Optional<String> keeps(LockTrouble trouble) {
        return trouble.stuck() && trouble.lock.kind() == WaitKind.SEMAPHORE
                ? trouble.code()
                        .holder()
                        .filter(LockCode.Keeper::waitsForResult)
                        .map(
                                keeper -> "Do not wait for another task with a permit of " + trouble.shortName()
                                        + " at "
                                        + Words.place(keeper.stack().site().orElse(null))
                                        + ": give the permit back before, or let the tasks waited for take permits of another Semaphore.")
                : Optional.empty();
    }

    private static String change(LockTrouble trouble) {
        Optional<String> keeps = keeps(trouble);
        if (keeps.isPresent()) {
            return keeps.get();
        }
        if (trouble.lends()) {
            boolean library = trouble.lock.sites().stream()
                    .limit(1)
                    .flatMap(site -> Optional.ofNullable(site.site()).stream())
                    .anyMatch(frame -> Libraries.has(frame.className()));
            return LeftPermits.release(trouble)
                            .map(release -> release + " If nothing is thrown there, give ")
                            .orElse("Give ")
                    + trouble.shortName() + " more permits"
                    + (library ? LenderSettings.of(trouble.lock.sites().get(0).stack()) : "")
                    + ", if what they protect can bear that, or keep a permit for less time"
                    + (library ? LentOutRule.calledFrom(trouble.lock) : "") + ".";
        }
        if (Libraries.has(trouble.lock.name())) {
            return trouble.shortName() + " is a library's: use it less often or from fewer threads"
                    + LentOutRule.calledFrom(trouble.lock)
                    + ", let each have an object of its own, or make what it does meanwhile quicker.";
        }
        Optional<String> other = other(trouble);
        if (other.isPresent()) {
            return other.get();
        }
        String place =
                trouble.heldAt().map(frame -> " at " + Words.place(frame)).orElse("");
        if (trouble.code().isSlowedByFairness()) {
            return "Make " + trouble.shortName()
                    + " unfair (without the argument true), unless the order of the threads matters, and take it less often"
                    + place + ".";
        }
        String free = trouble.worst()
                        .filter(cell -> cell.doing() == Doing.WAITS_FOR_CORE)
                        .isPresent()
                ? "Free cores, since the holder has none for most of the wait: let fewer threads compute at once, here or in other programs of the machine. Or hold "
                : "Hold ";
        return free + trouble.shortName() + " for less: move work out of it" + place
                + ", or split it by what it guards."
                + trouble.code().choice();
    }

    /** To use another class or mode of lock, as a sentence; empty where the lock is to be kept. */
    private static Optional<String> other(LockTrouble trouble) {
        return trouble.code()
                .copied()
                .or(trouble.code()::readLock)
                .or(() -> trouble.code()
                        .instead()
                        .map(instead -> "Use " + instead + " in place of " + trouble.shortName()
                                + ", whose methods all take one lock."))
                .or(() -> ForeignLock.change(trouble));
    }
}
