// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Works out who held a lock during a wait and what that thread did.
 *
 * <p>What a thread does while another waits says nothing unless it holds the lock at that moment. Three things prove that it does: it is
 * named as owner when the wait begins, it is named as owner by a snapshot during the wait, or the agent took its stack and found it
 * still the owner afterwards. A sleep or a read that covers such a moment was made while holding. The thread that released the lock
 * at the end of the wait held it before that, from its own grant on if it had waited itself; without that grant, what it did counts only if it
 * fills at least half of the time, because it may have come by the lock late. Where the machine is busy an owner is read some time before or after
 * the wait begins: so what a thread did at a place where by its code it cannot have the lock counts for nothing.
 */
final class HolderFinder {
    private static final double HALF = 0.5;
    private static final int MAX_STEPS = 64;
    /** A JFR event and our own clock readings of the same moment differ by this much at most. */
    private static final Duration SLACK = Duration.ofNanos(100_000);
    /** What a thread ran before a moment is looked for in the second before it. */
    private static final Duration BEFORE = Duration.ofSeconds(5);

    /** What is asked for one snapshot comes within this of it. */
    private static final Duration SNAPSHOT = Duration.ofMillis(200);

    /** What explains so much of a wait is not outdone by what comes later, but for a pause that is told a little late. */
    private static final double NEARLY_ALL = 0.9;

    private static final Duration SOON = Duration.ofSeconds(2);

    /** Whatever covers a moment may end after it. */
    private static final Duration AFTER = Duration.ofSeconds(15);

    private final Memory memory;
    private final Range range;
    private HolderIndex index;
    /** Last waits of a thread for a lock that ended before what is indexed; empty where there was none. */
    private final Map<HolderIndex.AtLock, Optional<Second.KeptWait>> before = new HashMap<>();

    private record Proof(ThreadRef thread, Instant at) {}

    HolderFinder(Memory memory, Range asked) {
        this.memory = memory;
        this.range = new Range(asked.from().minus(BEFORE), asked.to().plus(AFTER));
        this.index = new HolderIndex(memory, new Range(range.to(), range.to()));
    }

    /** For questions about one moment. */
    static HolderFinder at(Memory memory, Instant at) {
        return new HolderFinder(memory, new Range(at, at.plusMillis(1)));
    }

    /** Indexes what ended from an instant on. The answers about all but the last seconds are known, as a rule: so it goes back no further than asked, but at least twice as far as before. */
    private void reachTo(Instant from) {
        if (from.isBefore(index.range.from()) && range.from().isBefore(index.range.from())) {
            Instant twice = range.to().minus(Duration.between(from, range.to()).multipliedBy(2));
            Instant begin = twice.isBefore(range.from()) ? range.from() : twice;
            index = new HolderIndex(memory, new Range(begin, range.to()));
            before.clear();
        }
    }

    /** Later facts can change the answer, but ever more rarely: it is looked for again when the wait is twice as long ago, until it is settled. */
    Holder of(Second.KeptWait wait) {
        Second.Found known = wait.found;
        Instant latest = memory.latest;
        if (known != null && (latest == null || latest.isBefore(known.until()))) {
            return known.holder();
        }
        Holder found = find(wait);
        if (latest != null) {
            Duration age = Duration.between(wait.fact.at(), latest);
            boolean settled = age.compareTo(found.share() >= NEARLY_ALL ? SOON : AFTER) > 0;
            wait.found = new Second.Found(found, settled ? Instant.MAX : latest.plus(age));
        }
        return found;
    }

    /** What a thread does at a moment, whether or not it holds anything. */
    Holder doing(ThreadRef thread, Instant at) {
        return doing(thread, at, any -> true, any -> true);
    }

    /** What the owner of a lock does at a moment; it may have given it back since, and what it does then is left out as far as its code tells. */
    Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at) {
        if (kind == WaitKind.JOIN) { // waited for is the thread itself, whatever it does
            return doing(owner, at);
        }
        reachTo(at.minus(BEFORE));
        Set<LockRef> held = Wanted.of(memory, index, owner, at);
        ByTime<Second.KeptWait> waited = index.waits.get(owner.id());
        Frame taken = (waited == null ? List.<Second.KeptWait>of() : waited.endedBefore(at))
                .stream()
                        .filter(each -> memory.locks.id(each.lock).equals(lockId))
                        .reduce((earlier, later) -> later)
                        .flatMap(last -> last.fact.stack().site())
                        .orElse(null);
        return doing(
                owner,
                at,
                stack -> stack.isEmpty() || memory.locks.naming.mayHold(kind, stack, taken),
                each -> !kind.exclusive() || !held.contains(each.fact.lock()));
    }

    private Holder doing(ThreadRef thread, Instant at, Predicate<Stack> able, Predicate<Second.KeptWait> other) {
        List<Holder> seen = new ArrayList<>();
        Instant end = at.plusMillis(1);
        reachTo(at.minus(BEFORE));
        covering(thread, at, new Range(at, end), null, other, seen);
        seen.removeIf(each -> !able.test(each.stack()));
        List<Holder> holding = index.stacksOfOwner(thread, new Range(at.minus(SNAPSHOT), at.plus(SNAPSHOT)));
        boolean elsewhere = !seen.isEmpty()
                && !holding.isEmpty()
                && seen.stream()
                        .noneMatch(each -> each.site().equals(holding.get(0).site()));
        if (elsewhere) {
            return holding.get(0); // where holds are short, what covers the moment came before or after
        }
        seen.addAll(index.stacks(thread, new Range(at.minusSeconds(3), at.plusSeconds(1))));
        if (seen.isEmpty()) {
            running(thread, at.minusSeconds(1), at, null, seen);
        }
        return seen.stream()
                .filter(each -> able.test(each.stack()))
                .filter(each -> each.doing() != Doing.UNKNOWN || !each.stack().isEmpty())
                .findFirst()
                .or(() -> StandingThread.doing(memory, thread, at).filter(each -> able.test(each.stack())))
                .orElse(new Holder(thread, Doing.UNKNOWN, 0, Stack.EMPTY, null, null));
    }

    private Holder find(Second.KeptWait kept) {
        Fact.WaitEnded wait = kept.fact;
        Instant start = wait.at().minus(wait.waited());
        reachTo(start.minus(BEFORE));
        Holder paused = paused(start, wait.at(), wait.owner());
        if (paused != null) {
            return paused;
        }
        List<Holder> seen = new ArrayList<>();
        for (Proof proof : proofs(wait, start)) {
            covering(
                    proof.thread(),
                    proof.at(),
                    new Range(start, wait.at()),
                    wait.stack(),
                    each -> Wanted.isOther(each, wait),
                    seen);
            seen.addAll(index.stacksOfOwner(proof.thread(), wait.lock(), new Range(start, wait.at())));
            Starved.of(memory, index, proof.thread(), new Range(start, wait.at()), wait)
                    .ifPresent(seen::add);
            running(proof.thread(), start, wait.at(), takenAt(proof.thread(), wait, proof.at()), seen);
        }
        if (wait.releasedBy() != null) {
            released(wait, wait.releasedBy(), start, seen);
        }
        seen.removeIf(each -> !each.stack().isEmpty()
                && !memory.locks.naming.mayHold(wait.kind(), each.stack(), takenAt(each.thread(), wait, wait.at())));
        Holder best = null;
        for (Holder each : seen) {
            best = best == null || better(each, best) ? each : best;
        }
        ThreadRef holder = wait.owner() != null ? wait.owner() : wait.releasedBy();
        if (best == null) {
            return new Holder(holder, Doing.UNKNOWN, 0, Stack.EMPTY, takenAt(holder, wait, wait.at()), null);
        }
        Frame taken = best.takenAt() != null ? best.takenAt() : takenAt(best.thread(), wait, wait.at());
        Stack stack = best.stackOr(seen);
        boolean left = taken != null && !stack.isEmpty() && !stack.isIn(taken); // then it has given the lock back since
        return new Holder(best.thread(), best.doing(), best.share(), stack, left ? null : taken, best.detail());
    }

    private static boolean better(Holder one, Holder other) {
        if (one.share() != other.share()) {
            return one.share() > other.share();
        }
        return one.doing() != Doing.UNKNOWN && other.doing() == Doing.UNKNOWN;
    }

    private List<Proof> proofs(Fact.WaitEnded wait, Instant start) {
        List<Proof> proofs = new ArrayList<>();
        ThreadRef owner = wait.owner();
        boolean previousOwnerOnly =
                LockTable.isMonitor(wait.kind()) && owner != null && owner.equals(wait.releasedBy());
        if (owner != null && !previousOwnerOnly) {
            proofs.add(new Proof(owner, start));
        }
        for (Snapshot snapshot : index.snapshots.touching(start, wait.at())) {
            if (snapshot.at.isAfter(start) && snapshot.at.isBefore(wait.at())) {
                for (int row = 0; row < snapshot.rows; row++) {
                    ThreadRef holder = snapshot.owners[row];
                    if (holder != null
                            && snapshot.waiters[row].id() == wait.waiter().id()) {
                        proofs.add(new Proof(holder, snapshot.at));
                    }
                }
            }
        }
        return proofs;
    }

    /**
     * What the thread did at an instant at which it held the lock. What began a moment later may have come after it gave the lock back, as the sleep
     * of a worker that paces itself: it counts if it is in the method that takes the lock.
     *
     * @param waiter the stack at which the lock is taken; null if it does not matter whether it is held
     * @param other whether a wait may be one of who holds the lock: nobody waits for what it has
     */
    private void covering(
            ThreadRef thread,
            Instant at,
            Range wait,
            @Nullable Stack waiter,
            Predicate<Second.KeptWait> other,
            List<Holder> into) {
        for (Fact.Activity each : ByTime.touching(index.activities, thread.id(), at.minus(SLACK), at.plus(SLACK))) {
            Instant begin = each.at().minus(each.took());
            boolean begun = !begin.isAfter(at)
                    || (!begin.minus(SLACK).isAfter(at) && (waiter == null || isInside(each.stack(), waiter)));
            if (begun && each.at().plus(SLACK).isAfter(at)) {
                into.add(did(thread, each, wait));
            }
        }
        for (Second.KeptWait each : ByTime.touching(index.waits, thread.id(), at, at)) {
            Instant begin = each.fact.at().minus(each.fact.waited());
            if (!begin.isAfter(at) && each.fact.at().isAfter(at) && other.test(each)) {
                into.add(waited(thread, each, wait));
            }
        }
    }

    private static boolean isInside(Stack does, Stack takes) {
        return takes.site().filter(does::isIn).isPresent();
    }

    /**
     * Walks back from the end of a wait: the releaser held the lock since its own grant, which somebody released to it, and so on. In a
     * queue of waiters the thread that made all of them wait is found several steps back.
     */
    private void released(Fact.WaitEnded wait, ThreadRef lastHolder, Instant start, List<Holder> into) {
        ThreadRef holder = lastHolder;
        Instant until = wait.at();
        for (int step = 0; step < MAX_STEPS && holder != null && until.isAfter(start); step++) {
            Fact.WaitEnded grant = grantBefore(holder, wait, start, until);
            held(holder, grant == null ? start : grant.at(), until, grant != null, wait, start, into);
            holder = grant == null ? null : grant.releasedBy();
            until = grant == null ? until : grant.at();
        }
    }

    /** The last wait for the same lock that a thread ended between two instants; null if it did not wait there. */
    private Fact.@Nullable WaitEnded grantBefore(ThreadRef holder, Fact.WaitEnded wait, Instant start, Instant until) {
        Second.KeptWait last = index.lastBefore(new HolderIndex.AtLock(holder.id(), wait.lock()), until);
        return last != null && last.fact.at().isAfter(start) ? last.fact : null;
    }

    private void held(
            ThreadRef holder,
            Instant from,
            Instant until,
            boolean grantKnown,
            Fact.WaitEnded wait,
            Instant start,
            List<Holder> into) {
        for (Fact.Activity each : ByTime.touching(index.activities, holder.id(), from, until.plus(SLACK))) {
            Instant begin = each.at().minus(each.took());
            boolean within = each.at().minus(SLACK).isBefore(until) && each.at().isAfter(from);
            if (within && (!grantKnown || !begin.plus(SLACK).isBefore(from))) {
                Holder seen = did(holder, each, new Range(start, wait.at()));
                addIfLong(seen, grantKnown, new Range(from, until), wait, into);
            }
        }
        for (Second.KeptWait each : ByTime.touching(index.waits, holder.id(), from, until)) {
            Instant begin = each.fact.at().minus(each.fact.waited());
            boolean within = each.fact.at().minus(SLACK).isBefore(until)
                    && !begin.plus(SLACK).isBefore(from);
            if (within && !each.fact.lock().equals(wait.lock())) {
                Holder seen = waited(holder, each, new Range(start, wait.at()));
                addIfLong(seen, grantKnown, new Range(from, until), wait, into);
            }
        }
        Range holding = new Range(from, until);
        Frame taken = takenAt(holder, wait, until);
        if (!grantKnown && taken != null) {
            List<Fact.Activity> did = ByTime.touching(index.activities, holder.id(), from, until);
            into.addAll(Repeated.of(holder, did, taken, holding, wait.waited(), HALF));
        }
        into.addAll(index.stacksOfOwner(holder, wait.lock(), holding));
        Starved.of(memory, index, holder, holding, wait).ifPresent(into::add);
        running(holder, from, until, taken, into);
    }

    /** Without its grant the thread may have come by the lock late: then only what fills half of the time counts. */
    private static void addIfLong(
            Holder seen, boolean grantKnown, Range holding, Fact.WaitEnded wait, List<Holder> into) {
        if (grantKnown
                || seen.share() * wait.waited().toNanos()
                        >= HALF * holding.length().toNanos()) {
            into.add(seen);
        }
    }

    private void running(ThreadRef thread, Instant start, Instant end, @Nullable Frame takenAt, List<Holder> into) {
        for (HolderIndex.Running each :
                ByTime.touching(index.samples, thread.id(), start.truncatedTo(ChronoUnit.SECONDS), end)) {
            if (each.second() >= start.getEpochSecond() && each.second() <= end.getEpochSecond()) {
                Doing doing =
                        each.kind() == Fact.ActivityKind.NATIVE ? StackReading.doing(each.stack(), "") : Doing.RUNS;
                if (takenAt == null || each.stack().isIn(takenAt)) {
                    into.add(new Holder(thread, doing, 0, each.stack(), takenAt, null));
                }
            }
        }
    }

    private @Nullable Holder paused(Instant start, Instant end, @Nullable ThreadRef owner) {
        Range wait = new Range(start, end);
        long nanos = 0;
        String cause = null;
        for (Fact.Pause pause : index.pauses.touching(start, end)) {
            long overlap =
                    wait.overlap(pause.at().minus(pause.took()), pause.at()).toNanos();
            nanos += overlap;
            cause = overlap > 0 ? words(pause) : cause;
        }
        double share = (double) nanos / Math.max(1, wait.length().toNanos());
        return share >= HALF ? new Holder(owner, Doing.PAUSED, Math.min(1, share), Stack.EMPTY, null, cause) : null;
    }

    private static String words(Fact.Pause pause) {
        if (pause.exchangesClasses()) {
            return "classes exchanged, as our hooks need it";
        }
        return pause.dumpsThreads() ? "threads dumped, as our snapshots need it" : pause.cause();
    }

    /** The line at which the holder took the lock: where its own last wait for it was. */
    private @Nullable Frame takenAt(@Nullable ThreadRef thread, Fact.WaitEnded wait, Instant before) {
        if (thread == null) {
            return null;
        }
        Second.KeptWait last = lastBefore(thread, wait.lock(), before);
        return last == null ? null : last.fact.stack().site().orElse(null);
    }

    /** The last wait of a thread for a lock that ended before an instant; null if there was none. */
    private Second.@Nullable KeptWait lastBefore(ThreadRef thread, LockRef lock, Instant instant) {
        HolderIndex.AtLock key = new HolderIndex.AtLock(thread.id(), lock);
        Second.KeptWait last = index.lastBefore(key, instant);
        return last != null
                ? last
                : before.computeIfAbsent(key, this::lastBeforeIndex).orElse(null);
    }

    private Optional<Second.KeptWait> lastBeforeIndex(HolderIndex.AtLock key) {
        List<Second> earlier = new ArrayList<>(memory.in(new Range(range.from(), index.range.from())));
        Collections.reverse(earlier);
        return earlier.stream()
                .map(second -> second.waits.stream()
                        .filter(wait -> wait.fact.waiter().id() == key.thread()
                                && wait.fact.lock().equals(key.lock()))
                        .max(Comparator.comparing(wait -> wait.fact.at())))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Holder did(ThreadRef thread, Fact.Activity does, Range wait) {
        double share = share(does.at(), does.took(), wait);
        return new Holder(thread, Doing.of(does.kind()), share, does.stack(), null, does.detail());
    }

    private Holder waited(ThreadRef thread, Second.KeptWait own, Range wait) {
        double share = share(own.fact.at(), own.fact.waited(), wait);
        return new Holder(thread, Doing.of(own), share, own.fact.stack(), null, memory.locks.name(own.lock));
    }

    private static double share(Instant end, Duration took, Range of) {
        long overlap = of.overlap(end.minus(took), end).toNanos();
        return Math.min(1, (double) overlap / Math.max(1, of.length().toNanos()));
    }
}
