// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.ProbeSleep;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Sorts facts into seconds and keeps the newest ones within the limits. Not safe for threads: {@link Session} guards it. */
final class Memory {
    /** Facts in a row that are older than all that is kept: then it is the clock that was set back. */
    private static final int SET_BACK_AFTER = 50;

    final Limits limits;
    final LockTable locks;
    final RaceNames raceNames = new RaceNames();
    final ThreadTable threads = new ThreadTable();
    private final NavigableMap<Long, Second> seconds = new TreeMap<>();
    /** That of the fact before, and so nearly always of the next one. */
    private Second recent;

    private final StackPool stacks;
    final WaiterStacks waiterStacks;
    /** Identities of queues from which a pool's threads fetch their work, whatever the pool's class. */
    private final Set<String> workQueues = new HashSet<>();

    private final Map<String, Stack> groupOrigins = new LinkedHashMap<>();
    private Second.@Nullable StatesOfSecond statesBefore;
    private long[] osIdsBefore = new long[0];
    Target target = Target.UNKNOWN;

    @Nullable
    Instant latest;

    Fact.@Nullable AgentStatus status;
    long late;
    private int lateInARow;

    Memory(LockNaming naming, Limits limits) {
        this.limits = limits;
        this.locks = new LockTable(naming, limits.locks());
        this.recent = new Second(Long.MIN_VALUE, locks);
        this.stacks = new StackPool(limits.stacks(), naming::withLines);
        this.waiterStacks = new WaiterStacks(locks);
    }

    void accept(Fact fact) {
        if (fact instanceof Fact.Named named) { // true at any time, told by whatever clock
            locks.named(named);
            raceNames.learn(named);
            return;
        }
        if (fact instanceof Fact.JvmSeen jvm) { // as true before it as after
            target = target.known(jvm);
            return;
        }
        long epochSecond = fact.at().getEpochSecond();
        if (epochSecond != recent.epochSecond && !turnTo(epochSecond, fact.at())) {
            return;
        }
        lateInARow = 0;
        Second second = recent;
        second.facts++;
        second.begin = fact.at().isBefore(second.begin) ? fact.at() : second.begin;
        latest = latest == null || fact.at().isAfter(latest) ? fact.at() : latest;
        if (!keepWait(fact, second) && !keepSums(fact, second)) {
            keepFew(fact, second);
        }
    }

    /** Makes a second the recent one; false if it is older than all that is kept. */
    private boolean turnTo(long epochSecond, Instant at) {
        if (!seconds.isEmpty() && epochSecond <= seconds.lastKey() - limits.seconds()) {
            late++;
            if (++lateInARow < SET_BACK_AFTER) {
                return false;
            }
            setBack(at);
        }
        Second known = seconds.get(epochSecond);
        recent.settle(limits);
        recent = known == null ? new Second(epochSecond, locks) : known;
        if (known == null) {
            seconds.put(epochSecond, recent);
            forget();
        }
        return true;
    }

    /** Seconds that touch a range, oldest first. */
    Collection<Second> in(Range range) {
        if (range.length().isZero()) {
            return List.of();
        }
        long last = range.to().minusNanos(1).getEpochSecond();
        return seconds.subMap(range.from().getEpochSecond(), true, last, true).values();
    }

    /** Facts of one rare type in a range, in the order they came. */
    <T extends Fact> List<T> few(Range range, Class<T> type) {
        List<T> found = new ArrayList<>();
        for (Second second : in(range)) {
            for (Fact fact : second.few) {
                if (type.isInstance(fact) && range.contains(fact.at())) {
                    found.add(type.cast(fact));
                }
            }
        }
        return found;
    }

    @Nullable
    Second second(long epochSecond) {
        return seconds.get(epochSecond);
    }

    @Nullable
    Instant begin() {
        return seconds.isEmpty() ? null : seconds.firstEntry().getValue().begin;
    }

    /** The last snapshot at or before an instant, not older than ten seconds: snapshots come each 1 to 10 s. */
    @Nullable
    Snapshot snapshotAt(Instant at) {
        NavigableMap<Long, Second> before = seconds.subMap(at.getEpochSecond() - 10, true, at.getEpochSecond(), true)
                .descendingMap();
        for (Second second : before.values()) {
            for (int i = second.snapshots.size() - 1; i >= 0; i--) {
                if (!second.snapshots.get(i).at.isAfter(at)) {
                    return second.snapshots.get(i);
                }
            }
        }
        return null;
    }

    /** The creator's stack of the last thread of a group that was seen to start; empty if none was. */
    Stack origin(String group) {
        return groupOrigins.getOrDefault(group, Stack.EMPTY);
    }

    private boolean keepWait(Fact fact, Second second) {
        if (fact instanceof Fact.WaitEnded wait) {
            if (!threads.isObserver(wait.waiter())) {
                waitEnded(wait, second);
            }
        } else if (fact instanceof Fact.WaitingNow row) {
            waitingNow(row, second);
        } else if (fact instanceof Fact.Activity activity) {
            if (activity.kind() == Fact.ActivityKind.RUNNING || !threads.isObserver(activity.thread())) {
                activity(activity, second);
            }
        } else if (fact instanceof Fact.ThreadStates states) {
            states(states, second);
        } else {
            return false;
        }
        return true;
    }

    private boolean keepSums(Fact fact, Second second) {
        if (fact instanceof Fact.LockTotals totals) {
            lockTotals(totals, second);
        } else if (fact instanceof Fact.QueueTotals totals) {
            if (totals.poolIdentity() != null && workQueues.size() < limits.locks()) {
                workQueues.add(totals.queue().identity());
            }
            if (second.queues.size() < limits.locks()) {
                second.queues.add(Second.QueueCell.of(totals));
            }
        } else if (fact instanceof Fact.PoolTotals totals) {
            if (second.pools.size() < limits.locks()) {
                second.pools.add(Second.PoolCell.of(totals));
            }
        } else if (fact instanceof Fact.OsUsage usage) {
            osUsage(usage);
        } else if (fact instanceof Fact.ThreadCpu cpu) {
            threads.seen(cpu.thread(), second.epochSecond);
            second.cpu.put(cpu.thread().id(), Math.round(1e6 * (cpu.user() + cpu.system())));
        } else {
            return false;
        }
        return true;
    }

    private void keepFew(Fact fact, Second second) {
        if (fact instanceof Fact.ThreadStarted started) {
            second.startsAndEnds(started.thread())[0]++;
            threadStarted(started, second);
        } else if (fact instanceof Fact.ThreadEnded ended) {
            second.startsAndEnds(ended.thread())[1]++;
            ThreadTable.Entry entry = threads.byId(ended.thread().id());
            if (entry != null) {
                entry.ended = ended.at();
            }
        } else if (fact instanceof Fact.AgentStatus agent) {
            status = agent;
            threads.addOwn(agent.ownThreads());
            target = target.known(agent);
            second.addFew(agent);
        } else if (fact instanceof Fact.LoopTurn turn) {
            ThreadRef loop = threads.seen(turn.thread(), second.epochSecond);
            second.addFew(new Fact.LoopTurn(turn.at(), turn.took(), loop, turn.turns()));
        } else if (fact instanceof Fact.VirtualSeen seen) {
            second.addFew(new Fact.VirtualSeen(seen.at(), seen.thread(), seen.state(), stacks.intern(seen.stack())));
        } else if (fact instanceof Fact.StackSeen seen) {
            ThreadRef thread = threads.seen(seen.thread(), second.epochSecond);
            Stack stack = stacks.intern(seen.stack());
            second.addFew(new Fact.StackSeen(seen.at(), thread, seen.reason(), seen.lock(), seen.state(), stack));
            boolean waits = seen.reason().equals("waiter") || seen.reason().equals("pinned");
            if (waits && seen.lock() != null) {
                waiterStacks.learn(seen.lock(), stack, second.epochSecond);
            }
        } else {
            second.addFew(fact);
        }
    }

    private void waitEnded(Fact.WaitEnded wait, Second second) {
        StackPool.Known known = stacks.known(wait.stack());
        Stack stack = known.stack();
        boolean fetches = wait.kind() == WaitKind.QUEUE_TAKE
                && workQueues.contains(wait.lock().identity());
        boolean idle = fetches || (known.idle() && StackReading.mayBeIdle(wait.kind()));
        LockTable.Entry lock = locks.entry(wait.kind(), wait.lock(), second.epochSecond);
        locks.learn(lock, stack);
        if (wait.counted() && !idle) {
            Second.LockCell cell = second.locks.computeIfAbsent(lock, key -> new Second.LockCell());
            cell.waits += wait.weight();
            cell.nanos += wait.waited().toNanos() * wait.weight();
            cell.longest = Math.max(cell.longest, wait.waited().toNanos());
            cell.counts.add(wait.waited().toNanos(), wait.weight());
        }
        ThreadRef waiter = threads.seen(wait.waiter(), second.epochSecond);
        ThreadRef owner = seenOrNull(wait.owner(), second);
        ThreadRef releasedBy = seenOrNull(wait.releasedBy(), second);
        if (!waiter.virtual()) {
            spend(waiter, Parts.of(wait.kind(), idle, stack), wait.at(), wait.waited());
        }
        Fact.WaitEnded light = new Fact.WaitEnded(
                wait.at(),
                wait.waited(),
                wait.kind(),
                lock.lock,
                waiter,
                owner,
                releasedBy,
                stack,
                wait.weight(),
                wait.counted(),
                wait.granted());
        second.keep(new Second.KeptWait(light, lock, idle), limits);
    }

    private void waitingNow(Fact.WaitingNow row, Second second) {
        if (threads.isObserver(row.waiter())) {
            return;
        }
        Snapshot snapshot = second.snapshot(row.snapshot());
        Second before = seconds.get(second.epochSecond - 1);
        if (snapshot == null && before != null) {
            snapshot = before.snapshot(row.snapshot()); // taken while the second changed
        }
        if (snapshot == null) {
            snapshot = new Snapshot(row.snapshot(), row.at());
            second.snapshots.add(snapshot);
        }
        if (snapshot.rows >= limits.rowsPerSnapshot()) {
            second.foldedWaits++;
            return;
        }
        LockTable.Entry lock = locks.entry(row.kind(), row.lock(), second.epochSecond);
        waiterStacks.tell(lock, row.lock());
        snapshot.add(row, threads.seen(row.waiter(), second.epochSecond), seenOrNull(row.owner(), second), lock);
    }

    private void activity(Fact.Activity activity, Second second) {
        ThreadRef thread = threads.seen(activity.thread(), second.epochSecond);
        Stack stack = stacks.intern(activity.stack());
        Fact.ActivityKind kind = activity.kind();
        boolean sleeps = kind == Fact.ActivityKind.SLEEP && !ProbeSleep.is(activity);
        if (kind == Fact.ActivityKind.RUNNING || kind == Fact.ActivityKind.NATIVE || sleeps) {
            second.sample(new Second.Sample(thread, stack, kind), activity, limits.activitiesPerSecond());
        }
        if (kind == Fact.ActivityKind.RUNNING || kind == Fact.ActivityKind.NATIVE) {
            return;
        }
        ThreadRef spends = thread.virtual() ? activity.carrier() : thread;
        if (spends != null) {
            spend(spends, Parts.of(kind, stack), activity.at(), activity.took());
        }
        second.keep(new Fact.Activity(activity.at(), activity.took(), thread, kind, stack, activity.detail()), limits);
    }

    private void osUsage(Fact.OsUsage usage) {
        cut(usage.at(), usage.interval(), (second, nanos) -> {
            OsCells cells = second.os == null ? new OsCells() : second.os;
            cells.add(usage, nanos / 1e9);
            second.os = cells;
            osIdsBefore = cells.sharingIds(osIdsBefore);
        });
    }

    private void spend(ThreadRef thread, Account.Part part, Instant end, Duration took) {
        cut(end, took, (second, nanos) -> second.spent.add(thread.id(), part, nanos));
    }

    /** Tells how much of a span lies in each second that is kept; a second between two others is made if it has no facts. */
    private void cut(Instant end, Duration length, ObjLongConsumer<Second> share) {
        Instant begin = end.minus(length);
        if (begin.getEpochSecond() == recent.epochSecond && end.getEpochSecond() == recent.epochSecond) {
            share.accept(recent, length.toNanos());
            return;
        }
        Instant first = Instant.ofEpochSecond(seconds.firstKey());
        Instant from = begin.isBefore(first) ? first : begin;
        while (from.isBefore(end)) {
            Instant next = Instant.ofEpochSecond(from.getEpochSecond() + 1);
            Instant until = next.isBefore(end) ? next : end;
            share.accept(
                    seconds.computeIfAbsent(from.getEpochSecond(), second -> new Second(second, locks)),
                    Duration.between(from, until).toNanos());
            from = until;
        }
    }

    private void states(Fact.ThreadStates states, Second second) {
        for (long id : states.states().keySet()) {
            String name = states.names().getOrDefault(id, "");
            threads.seen(new ThreadRef(id, name, false, -1), second.epochSecond);
        }
        statesBefore = Second.StatesOfSecond.of(states, statesBefore);
        second.states.add(statesBefore);
    }

    private void lockTotals(Fact.LockTotals totals, Second second) {
        LockTable.Entry lock = locks.entry(totals.kind(), totals.lock(), second.epochSecond);
        Second.LockCell cell = second.locks.computeIfAbsent(lock, key -> new Second.LockCell());
        cell.waits += totals.waits();
        cell.nanos += totals.waited().toNanos();
        cell.longest = Math.max(cell.longest, totals.longest().toNanos());
        cell.holds += totals.holds();
        cell.heldNanos += totals.held().toNanos();
        cell.longestHold = Math.max(cell.longestHold, totals.longestHold().toNanos());
        cell.waiting = totals.waiting();
        cell.sampled |= totals.sampled();
        cell.counts.add(totals.histogram());
    }

    private void threadStarted(Fact.ThreadStarted started, Second second) {
        Stack stack = stacks.intern(started.stack());
        ThreadRef thread = threads.seen(started.thread(), second.epochSecond);
        ThreadTable.Entry entry = threads.byId(thread.id());
        if (entry != null) {
            entry.started = started.at();
            entry.createdAt = stack;
        }
        if (!stack.isEmpty() && (groupOrigins.size() < limits.locks() || groupOrigins.containsKey(thread.group()))) {
            groupOrigins.put(thread.group(), stack);
        }
    }

    private @Nullable ThreadRef seenOrNull(@Nullable ThreadRef thread, Second second) {
        return thread == null ? null : threads.seen(thread, second.epochSecond);
    }

    /** Goes on by the new clock: by the old one nothing would be kept for as long as the step was. */
    private void setBack(Instant now) {
        seconds.clear();
        latest = null;
        late -= SET_BACK_AFTER; // told by the gap, but for the one that goes on
        String reason = "events were lost before the clock was seen to be set back";
        accept(new Fact.Gap(now, Duration.ZERO, reason, SET_BACK_AFTER - 1));
    }

    private void forget() {
        long oldest = seconds.lastKey() - limits.seconds() + 1;
        if (seconds.firstKey() < oldest) {
            seconds.headMap(oldest).clear();
            if (oldest % 30 == 0) {
                locks.forgetBefore(oldest);
                threads.forgetBefore(oldest);
            }
        }
    }
}
