// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.Libraries;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One row of {@link LockRows} while it is being summed. */
final class LockSum {
    /** Longest waits whose holder is looked for: they carry nearly all of the time, and each costs a search. */
    private static final int BLAMED_WAITS = 400;

    private static final int WAY_FRAMES = 3;
    private static final int MOST_WAYS = 20;

    final LockTable.Entry first;
    private final Set<String> identities = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final List<Second.KeptWait> waits = new ArrayList<>();
    private final Set<Long> waiters = new HashSet<>();
    private final Map<Long, LockWindow.Part> waitingNow = new LinkedHashMap<>();
    private final Map<Long, ThreadRef> ownersNow = new HashMap<>();
    private final Set<String> identitiesNow = new HashSet<>();
    private final long[] counts = new long[Histogram.BUCKETS];
    private double keptNanos;
    private long longestKept;
    private long contentions;
    private long nanos;
    private long longest;
    private long holds;
    private long heldNanos;
    private long longestHold;
    private int idle;
    private boolean sampled;
    private int waiting;
    private long waitingNanos;
    private LockTable.Entry best;

    LockSum(LockTable.Entry first) {
        this.first = first;
        this.best = first;
    }

    void include(LockTable.Entry entry) {
        identities.add(entry.lock.identity());
        best = best.name == null && entry.name != null ? entry : best;
        if (entry.name != null) {
            names.add(entry.name);
        }
    }

    void add(Second.LockCell cell) {
        contentions += cell.waits;
        nanos += cell.nanos;
        longest = Math.max(longest, cell.longest);
        holds += cell.holds;
        heldNanos += cell.heldNanos;
        longestHold = Math.max(longestHold, cell.longestHold);
        sampled |= cell.sampled;
        cell.counts.addTo(counts);
    }

    /** What was waited to take from a queue. */
    void add(Second.QueueCell cell) {
        contentions += cell.fact().takeWaits();
        nanos += cell.fact().takeWaited().toNanos();
        cell.takes().addTo(counts);
    }

    void add(Second.KeptWait wait) {
        if (wait.idle) {
            idle++;
            return;
        }
        waits.add(wait);
        keptNanos += wait.nanos;
        longestKept = Math.max(longestKept, wait.fact.waited().toNanos());
        waiters.add(wait.fact.waiter().id());
    }

    /** Whether only the crowd is known to wait, as of virtual threads at a monitor. */
    boolean tellsNoWaits() {
        return sampled && nanos > 0 && waits.isEmpty();
    }

    /** Of a wait; all of the sum if none has ended. */
    Duration mean() {
        return Duration.ofNanos(nanos / Math.max(1, contentions));
    }

    /** Of a crowd of virtual threads only since when there always was one is known: where they take turns none waits longer than others did. */
    void waiting(Snapshot snapshot, int row, Duration atMost) {
        ThreadRef waiter = snapshot.waiters[row];
        int weight = snapshot.weights[row];
        boolean turns = weight > 1 && contentions > 0 && longest > 0 && longest < atMost.toNanos();
        Duration within = turns ? Duration.ofNanos(longest) : atMost;
        waiting += weight;
        waitingNanos += within.toNanos() * weight;
        waiters.add(waiter.id());
        identitiesNow.add(snapshot.locks[row].lock.identity());
        waitingNow.put(waiter.id(), new LockWindow.Part(waiter, weight, within.multipliedBy(weight)));
        ThreadRef owner = snapshot.owners[row];
        if (owner != null) {
            ownersNow.put(owner.id(), owner);
        }
    }

    /** Whether those who waited here waited for work, as far as stacks were taken: that is nobody's loss. */
    boolean isIdle() {
        return idle > 0 && waits.isEmpty();
    }

    /** Whether some wait was ended by another waiter that may have given something back. */
    boolean isPassedOn() {
        return passedOn().atAll() > 0;
    }

    /** Whether somebody waited at the last snapshot. */
    boolean isHeldUp() {
        return waiting > 0;
    }

    /** A lock that one thread holds is not lent out: there is nothing to be found, among the most waits of all. */
    private PassedOn passedOn() {
        return new PassedOn(first.kind.exclusive() && !lacksOwners() ? List.of() : waits, waitingNow.keySet());
    }

    /** A synchronizer that a library has made for itself, of which the JVM knows no owner, need not be held by one thread. */
    private boolean lacksOwners() {
        return first.kind == WaitKind.LOCK
                && Libraries.has(first.lock.className())
                && waits.stream().allMatch(wait -> wait.fact.owner() == null);
    }

    LockWindow window(LockTable table, Range range, HolderFinder holders) {
        Scale scale = Scale.of(waits, nanos, contentions);
        List<LockWindow.Blame> blame = new ArrayList<>();
        PassedOn passedOn = passedOn();
        Map<Second.KeptWait, Holder> found = new LinkedHashMap<>();
        Largest.of(waits, BLAMED_WAITS, wait -> wait.nanos).forEach(wait -> found.put(wait, holders.of(wait)));
        Scale factor = nanos > 0
                ? Scale.of(found.keySet(), nanos, contentions)
                : Scale.of(found.keySet(), keptNanos, waits.size());
        Duration paused = blame(found, factor, blame);
        String identity = identities.size() == 1 ? identities.iterator().next() : LockRef.UNKNOWN_IDENTITY;
        return new LockWindow(
                table.id(first),
                first.kind,
                first.lock.className(),
                names.size() > 1 && first.kind == WaitKind.FUTURE ? first.lock.className() : table.name(best),
                identity,
                objects(),
                sampled,
                range,
                contentions,
                Duration.ofNanos(nanos),
                Duration.ofNanos(takeTurns() ? 0 : waitingNanos),
                Duration.ofNanos(first.kind.isQueue() ? Math.max(longest, longestKept) : longest),
                Histogram.ofCounts(counts),
                holds,
                Duration.ofNanos(heldNanos),
                Duration.ofNanos(longestHold),
                waiting,
                Math.max(waiters.size(), waiting),
                paused,
                sampledWaits(),
                LockRows.sites(waits, scale),
                blame,
                owners(found, factor),
                LockRows.parts(waits, scale, wait -> wait.fact.releasedBy()),
                waitingThreads(scale),
                ways(),
                Duration.ofNanos(Math.round(passedOn.nanos() * scale.time())),
                Duration.ofNanos(Math.round(passedOn.atAll() * scale.time())),
                isMeeting() ? new Rounds(waits).last() : List.of());
    }

    /** Totals come once a second, single waits at once: of the last moment there are only those. */
    private long sampledWaits() {
        return contentions > 0 ? Math.min(waits.size(), contentions) : waits.size();
    }

    private int objects() {
        return LockTable.byPlace(first.kind) ? Math.max(1, Math.max(atOnce(), identitiesNow.size())) : 1;
    }

    /** Of virtual threads that take turns at a monitor only the crowd is known to wait for so long; their time is told each second, ended or not. */
    private boolean takeTurns() {
        return sampled && contentions > 0;
    }

    private boolean isMeeting() {
        return first.kind == WaitKind.BARRIER || first.kind == WaitKind.PHASER;
    }

    /** Different callers of one locking method are different ways; the name is that of the caller. */
    private List<String> ways() {
        Set<Stack> seen = Collections.newSetFromMap(new IdentityHashMap<>()); // interned: few, whereas waits are many
        return waits.stream()
                .map(wait -> wait.fact.stack())
                .filter(seen::add)
                .map(stack -> stack.frames().stream()
                        .filter(frame -> !frame.isJdk())
                        .limit(WAY_FRAMES)
                        .map(Frame::display)
                        .toList())
                .filter(way -> !way.isEmpty())
                .distinct()
                .map(way -> way.get(Math.min(1, way.size() - 1)))
                .distinct()
                .limit(MOST_WAYS)
                .toList();
    }

    /** Fills the matrix and returns the time that fell into pauses. */
    private static Duration blame(Map<Second.KeptWait, Holder> found, Scale factor, List<LockWindow.Blame> into) {
        Map<String, Tally> cells = new LinkedHashMap<>();
        double paused = 0;
        for (Map.Entry<Second.KeptWait, Holder> each : found.entrySet()) {
            Second.KeptWait wait = each.getKey();
            Holder holder = each.getValue();
            paused += holder.doing() == Doing.PAUSED ? holder.share() * wait.nanos * factor.time() : 0;
            String key =
                    LockRows.line(wait.fact.stack().site()) + "|" + LockRows.line(holder.site()) + "|" + holder.doing();
            cells.computeIfAbsent(key, ignored -> new Tally(wait)).add(wait);
        }
        for (Tally cell : cells.values()) {
            Second.KeptWait longest = cell.longest();
            Holder holder = found.getOrDefault(longest, Holder.UNKNOWN);
            Frame site = longest.fact.stack().site().orElse(null);
            into.add(new LockWindow.Blame(
                    site,
                    holder.site().orElse(null),
                    holder.doing(),
                    holder.detail(),
                    cell.waited(factor),
                    cell.count(factor),
                    longest.fact.stack(),
                    holder.stack(),
                    holder.takenAt()));
        }
        into.sort(Comparator.comparing(LockWindow.Blame::waited).reversed());
        return Duration.ofNanos(Math.round(paused));
    }

    /** Different monitors waited for at the same moment are different objects; the largest number of them. */
    private int atOnce() {
        if (identities.size() < 2) {
            return 1;
        }
        List<Second.KeptWait> byEnd = new ArrayList<>(waits);
        byEnd.removeIf(wait -> wait.nanos == 0);
        byEnd.sort(Comparator.comparingLong(LockSum::end));
        List<Second.KeptWait> byBegin = new ArrayList<>(byEnd);
        byBegin.sort(Comparator.comparingLong(LockSum::begin));
        Map<String, Integer> open = new HashMap<>();
        int most = 0;
        int ended = 0;
        for (Second.KeptWait wait : byBegin) {
            while (end(byEnd.get(ended)) <= begin(wait)) {
                open.computeIfPresent(
                        byEnd.get(ended++).fact.lock().identity(), (lock, count) -> count == 1 ? null : count - 1);
            }
            open.merge(wait.fact.lock().identity(), 1, Integer::sum);
            most = Math.max(most, open.size());
        }
        return most;
    }

    /** In nanoseconds since 1970: many are compared, and instants are objects. */
    private static long end(Second.KeptWait wait) {
        Instant at = wait.fact.at();
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    private static long begin(Second.KeptWait wait) {
        return end(wait) - wait.fact.waited().toNanos();
    }

    /** Of who gave a lock back last, others may have had it for a moment only; so what was found out of a wait goes first. */
    private List<LockWindow.Part> owners(Map<Second.KeptWait, Holder> found, Scale factor) {
        List<LockWindow.Part> owners = LockRows.parts(List.copyOf(found.keySet()), factor, wait -> {
            Holder holder = found.getOrDefault(wait, Holder.UNKNOWN);
            ThreadRef told = wait.fact.owner() != null ? wait.fact.owner() : wait.fact.releasedBy();
            return holder.thread() != null ? holder.thread() : told;
        });
        Set<Long> known = owners.stream().map(part -> part.thread().id()).collect(Collectors.toSet());
        List<LockWindow.Part> all = new ArrayList<>(owners);
        for (ThreadRef owner : ownersNow.values()) {
            if (known.add(owner.id())) {
                all.add(new LockWindow.Part(owner, waiting, Duration.ofNanos(waitingNanos)));
            }
        }
        all.sort(Comparator.comparing(LockWindow.Part::waited).reversed());
        return all;
    }

    private List<LockWindow.Part> waitingThreads(Scale scale) {
        Map<Long, LockWindow.Part> all = new LinkedHashMap<>();
        for (LockWindow.Part part : LockRows.parts(waits, scale, wait -> wait.fact.waiter())) {
            all.put(part.thread().id(), part);
        }
        waitingNow.forEach((id, part) -> all.merge(id, part, LockSum::plus));
        return all.values().stream()
                .sorted(Comparator.comparing(LockWindow.Part::waited).reversed())
                .toList();
    }

    static LockWindow.Part plus(LockWindow.Part one, LockWindow.Part other) {
        return new LockWindow.Part(
                one.thread(), one.waits() + other.waits(), one.waited().plus(other.waited()));
    }
}
