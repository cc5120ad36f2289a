// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LibraryEntry;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Everything kept of one target: facts go in at one end, windows over any kept range come out.
 *
 * <p>One thread writes, any number read. All answers are copies that no later fact changes. Instants are the target's clock.
 */
public final class Session {
    private final ReadWriteLock guard = new ReentrantReadWriteLock();
    private final Memory memory;

    public Session(LockNaming naming, Limits limits) {
        this.memory = new Memory(naming, limits);
    }

    public void accept(Fact fact) {
        write(() -> memory.accept(fact));
    }

    /** Completes rare facts by what came after them, such as where the classes on their stacks are found. */
    public void replaceFew(UnaryOperator<Fact> complete) {
        write(() -> memory.in(kept()).forEach(second -> second.few.replaceAll(complete)));
    }

    /** Sets what facts do not carry: the JDK, the cores, the start. */
    public void describe(Target target) {
        write(() -> memory.target = target);
    }

    public Target target() {
        return read(() -> memory.target);
    }

    /** The instant of the newest fact; empty before the first. */
    public Optional<Instant> latest() {
        return read(() -> Optional.ofNullable(memory.latest));
    }

    /** All that is kept, from the first fact on; empty of length before that. */
    public Range kept() {
        return read(() -> Range.of(memory.begin(), memory.latest));
    }

    /** The newest part of what is kept, this long or shorter; ends just after the newest fact. */
    public Range last(Duration length) {
        Range kept = kept();
        Instant from = kept.to().minus(length);
        return new Range(from.isBefore(kept.from()) ? kept.from() : from, kept.to());
    }

    public List<LockWindow> locks(Range range) {
        return read(() -> new LockRows(memory, range).build());
    }

    /** The waits to take from queues at which takers end each other's waits, as users of a pool do. */
    public List<LockWindow> takes(Range range) {
        return read(() -> new LockRows(memory, range).takes());
    }

    public List<QueueWindow> queues(Range range) {
        return read(() -> new QueueRows(memory, range).build());
    }

    public List<PoolWindow> pools(Range range) {
        return read(() -> new PoolRows(memory, range).build());
    }

    /** Most threads of a pool, or slots, that were busy at one moment of all that is kept. */
    public int busiest(String poolIdentity) {
        return read(() -> PoolRows.busiest(memory, poolIdentity));
    }

    /** Platform threads that lived in the range, the most held up first; the agent's own are left out. */
    public List<ThreadWindow> threads(Range range) {
        WaitForGraph graph = graph(range.to());
        return read(() -> new ThreadRows(memory, range).threads(graph));
    }

    public boolean lived(ThreadRef thread, Instant at) {
        return read(() -> memory.threads.lived(thread, at));
    }

    public boolean parted(ThreadRef one, ThreadRef other) {
        return read(() -> memory.threads.parted(one, other));
    }

    /** The threads that are there because of us: the agent's and the Flight Recorder's. */
    public List<ThreadWindow> observers(Range range) {
        return read(() -> new ObserverRows(memory, range).threads());
    }

    /** At the last snapshot at or before an instant; empty if that is more than ten seconds back. */
    public WaitForGraph graph(Instant at) {
        return read(() -> {
            Snapshot snapshot = memory.snapshotAt(at);
            return snapshot == null ? new WaitForGraph(at, 0, List.of()) : graph(snapshot);
        });
    }

    /** One for each snapshot in the range, oldest first. */
    public List<WaitForGraph> graphs(Range range) {
        return read(() -> memory.in(range).stream()
                .flatMap(second -> second.snapshots.stream())
                .filter(snapshot -> range.contains(snapshot.at))
                .map(this::graph)
                .toList());
    }

    /** How long a lock of this {@link LockWindow#id()} was held at a time, where two grants that were kept prove it; at most that long. */
    public Histogram holds(Range range, String lockId) {
        return read(() -> new HoldTimes(memory, range).of(lockId));
    }

    public Lanes lanes(Range range) {
        return read(() -> new ThreadRows(memory, range).lanes());
    }

    public List<States> states(Range range) {
        return read(() -> new ThreadRows(memory, range).states());
    }

    /** Waits that touch the range, the longest first: ended ones that were kept, and those still going on at its end. */
    public List<Wait> waits(Range range, WaitQuery query) {
        return read(() -> new WaitRows(memory, range).build(query));
    }

    /** The present {@link LockWindow#id()} of a lock that had another one before its name was known. */
    public String lockId(String id) {
        return read(() -> memory.locks.idToday(id));
    }

    /** All platform threads together. */
    public Account account(Range range) {
        return read(() -> new ThreadAccounts(memory, range)
                .build().values().stream().map(ThreadSum::account).reduce(new Account(Map.of()), Account::plus));
    }

    /**
     * Where threads waited or ran, by stack.
     *
     * @param idle whether stacks that wait for work or sleep are included
     * @param observers whether the threads that are there because of us are included
     */
    public Flame flame(Range range, Flame.Mode mode, Predicate<ThreadRef> scope, boolean idle, boolean observers) {
        return read(() -> new FlameRows(memory, range, scope).build(mode, idle, observers));
    }

    /** What a thread does at a moment: the root of a tree of waiters, for one. */
    public Holder doing(ThreadRef thread, Instant at) {
        return read(() -> HolderFinder.at(memory, at).doing(thread, at));
    }

    /** What the owner of a lock does at a moment, as far as it holds it still. */
    public Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at) {
        return read(() -> HolderFinder.at(memory, at).holding(owner, kind, lockId, at));
    }

    public List<Fact.Pause> pauses(Range range) {
        return read(() -> memory.few(range, Fact.Pause.class));
    }

    /** Long turns of loops, oldest first. */
    public List<Fact.LoopTurn> turns(Range range) {
        return read(() -> memory.few(range, Fact.LoopTurn.class));
    }

    /** How long a thread ran and waited for a core in the seconds that a span touches; zeros if not known. */
    public Scheduled scheduled(ThreadRef thread, Range range) {
        return read(() -> Scheduled.of(memory, thread, range));
    }

    public List<Fact.RaceSeen> races(Range range) {
        return read(() -> memory.few(range, Fact.RaceSeen.class));
    }

    /** The name that the code has for the object of a race: where both sides tell several, what they have in common. */
    public Optional<String> name(Fact.RaceSeen race) {
        return read(() -> memory.raceNames.name(race));
    }

    /** The name that the code has for what it calls a library on. */
    public Optional<String> name(LibraryEntry entry) {
        return read(() -> memory.raceNames.name(entry));
    }

    /** The name that the code has for a lock seen in a nesting. */
    public Optional<String> orderedName(LockRef lock) {
        return read(() -> memory.raceNames.name(lock));
    }

    public List<Fact.LockOrderSeen> orders(Range range) {
        return read(() -> memory.few(range, Fact.LockOrderSeen.class));
    }

    /** Nestings that ordinary waits give away, of all that is kept. */
    public List<Fact.LockOrderSeen> waitNestings() {
        return read(() -> WaitNestings.all(memory, kept()));
    }

    public List<Fact.StackSeen> stacks(Range range) {
        return read(() -> memory.few(range, Fact.StackSeen.class));
    }

    /** Programs that wait for the target to read what they write. */
    public List<Fact.ChildStands> children(Range range) {
        return read(() -> memory.few(range, Fact.ChildStands.class));
    }

    public List<Fact.Gap> gaps(Range range) {
        return read(() -> memory.few(range, Fact.Gap.class));
    }

    /** Sleeps, I/O and pinned carriers that were kept, oldest first. */
    public List<Fact.Activity> activities(Range range) {
        return read(() -> memory.in(range).stream()
                .flatMap(second -> second.blocking.stream())
                .filter(each -> range.contains(each.at()))
                .sorted(Comparator.comparing(Fact.Activity::at))
                .toList());
    }

    /** Samples of running threads, and all sleeps, summed by thread, stack and second. */
    public List<Samples> samples(Range range) {
        return read(() -> {
            List<Samples> all = new ArrayList<>();
            for (Second second : memory.in(range)) {
                second.samples().forEach(sample -> {
                    if (!memory.threads.isObserver(sample.thread)) {
                        all.add(new Samples(
                                second.epochSecond,
                                sample.thread,
                                sample.kind,
                                sample.stack,
                                sample.count,
                                sample.nanos));
                    }
                });
            }
            return all;
        });
    }

    /** Threads started and ended in each second, by name group; the group of virtual threads begins with {@code virtual:}. */
    public Map<String, GroupCount> groups(Range range) {
        return read(() -> {
            Map<String, GroupCount> groups = new LinkedHashMap<>();
            for (Second second : memory.in(range)) {
                second.startsAndEnds.forEach((group, counts) -> groups.merge(
                        group,
                        new GroupCount(counts[0], counts[1], memory.origin(group)),
                        (one, other) -> new GroupCount(
                                one.started() + other.started(), one.ended() + other.ended(), one.origin())));
            }
            return groups;
        });
    }

    /** Whether the code at the top of a stack only looks at a condition in a loop; false if its bytes are not known. */
    public boolean polls(Stack stack) {
        return memory.locks.naming.polls(stack);
    }

    /** Whether by the code of its stack a thread waits once and neither looks again nor comes back; false if it is not known. */
    public boolean waitsOnce(Stack stack) {
        return memory.locks.naming.waitsOnce(stack);
    }

    /** Whether by its code a method also wakes one waiter; false if it is not known. */
    public boolean wakesOne(Frame frame) {
        return memory.locks.naming.wakesOne(frame);
    }

    /** What the code of the target tells of a stack; nothing where it is not known. */
    public LockNaming code() {
        return memory.locks.naming;
    }

    /** Cores the JVM may use: the quota of its cgroup if that is less than the machine's; 0 if not known. */
    public double cores(Range range) {
        return read(() -> PoolRows.cores(memory, range));
    }

    /** Cores that other programs of the machine used, mean over the range; 0 if not known. */
    public double otherCores(Range range) {
        return read(() -> memory.few(range, Fact.CpuLoad.class).stream()
                        .mapToDouble(load -> Math.max(0, load.machine() - load.process()))
                        .average()
                        .orElse(0)
                * memory.target.cpus());
    }

    /** Share of the range in which the cgroup was throttled, summed over its cores; 0 if not known. */
    public double throttledShare(Range range) {
        return read(() -> memory.in(range).stream()
                        .mapToDouble(second -> second.os == null ? 0 : second.os.throttledNanos() / 1e9)
                        .sum()
                / Math.max(1e-9, range.seconds()));
    }

    public Cost cost(Range range) {
        return read(() -> Cost.of(memory, range));
    }

    /** What the virtual threads do, as far as it is known. */
    public VirtualWindow virtual(Range range) {
        WaitForGraph graph = graph(range.to());
        return read(() -> new VirtualRows(memory, range).build(graph));
    }

    /**
     * Samples, or sleeps, of one thread at one stack in one second.
     *
     * @param kind running, in a native method, or asleep
     */
    public record Samples(long second, ThreadRef thread, Fact.ActivityKind kind, Stack stack, int count, long nanos) {}

    /**
     * Threads of one name group that began and ended.
     *
     * @param origin the stack that started one of them; empty if none was seen
     */
    public record GroupCount(int started, int ended, Stack origin) {}

    private WaitForGraph graph(Snapshot snapshot) {
        List<WaitForGraph.Edge> edges = new ArrayList<>(snapshot.rows);
        Map<LockTable.Entry, LockTable.Entry> named = LateNames.of(memory, snapshot);
        for (int row = 0; row < snapshot.rows; row++) {
            LockTable.Entry lock = snapshot.locks[row];
            LockTable.Entry told = named.getOrDefault(lock, lock);
            edges.add(new WaitForGraph.Edge(
                    snapshot.waiters[row],
                    snapshot.waitIds[row],
                    lock.kind,
                    lock.lock,
                    memory.locks.id(told),
                    memory.locks.name(told),
                    snapshot.owners[row],
                    Duration.ofNanos(snapshot.soFarNanos[row]),
                    snapshot.idle[row],
                    snapshot.weights[row],
                    snapshot.missing[row]));
        }
        return new WaitForGraph(snapshot.at, snapshot.number, OpenNames.settled(edges, code()));
    }

    private void write(Runnable change) {
        guard.writeLock().lock();
        try {
            change.run();
        } finally {
            guard.writeLock().unlock();
        }
    }

    private <T> T read(Supplier<T> query) {
        guard.readLock().lock();
        try {
            return query.get();
        } finally {
            guard.readLock().unlock();
        }
    }
}
