// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state letter of each platform thread, second after second; a snapshot holds until the next, for ten seconds at most. */
final class Letters {
    /** The agent takes a snapshot each 1 to 10 s, by what it costs. */
    private static final int HOLDS_SECONDS = 10;

    /** A sleep tells of itself when it ends; what a thread did this many seconds before is what it does. */
    private static final int SLEEPS_SECONDS = 2;

    /** The snapshot's letter for a thread of which it took no stack; with a row of what it waits for it is not asleep. */
    private static final char NOT_TOLD = 'C';

    private static final double MOSTLY = 0.2;

    /** Less of a second tells nothing of what a thread did in it. */
    private static final double SEEN = 0.02;

    /** Of a second, in nanoseconds. */
    private static final long HALF = 500_000_000L;

    private static final long LITTLE = 200_000_000L;

    private final Memory memory;
    private Map<Long, Character> last = Map.of();
    private final Map<Long, Account.Part> parts = new HashMap<>();
    /** The kind of a thread's last wait for what comes from outside the JVM. */
    private final Map<Long, WaitKind> outside = new HashMap<>();
    /** Threads that the last snapshot found asleep or parked, not known which. */
    private final Set<Long> asleepOrParked = new HashSet<>();

    /** What stacks of native methods show. */
    private final IdentityHashMap<Stack, Account.Part> inNative = new IdentityHashMap<>();

    private final Deque<Second> recent = new ArrayDeque<>();
    private Set<Long> deadlocked = Set.of();
    private long lastSecond = Long.MIN_VALUE;

    Letters(Memory memory) {
        this.memory = memory;
    }

    /** Looks back far enough to know the state at the first second asked for. */
    void start(long epochSecond) {
        for (long second = epochSecond - HOLDS_SECONDS; second < epochSecond; second++) {
            Second known = memory.second(second);
            if (known != null) {
                take(known);
            }
        }
    }

    /** Letters at a second, by thread; {@code known} is null if nothing came in that second. */
    Map<Long, Character> at(long epochSecond, @Nullable Second known, Map<Long, long[]> waited) {
        if (known != null) {
            take(known);
        }
        if (epochSecond - lastSecond > HOLDS_SECONDS) {
            return Map.of();
        }
        Map<Long, Character> letters = new HashMap<>(last);
        for (Map.Entry<Long, long[]> each : waited.entrySet()) {
            letters.computeIfPresent(each.getKey(), (id, base) -> worse(base, overlay(each.getValue(), base)));
        }
        asleep(epochSecond, letters);
        if (known != null) {
            offCore(known, letters);
        }
        deadlocked.forEach(id -> letters.computeIfPresent(id, (thread, letter) -> 'D'));
        return letters;
    }

    /** What a thread's time off the core belongs to as far as the last snapshot tells; null if it ran or waited for something not known. */
    Account.@Nullable Part part(long thread) {
        return parts.get(thread);
    }

    private void take(Second second) {
        recent.addLast(second);
        for (Second.KeptWait wait : second.waits) {
            if (Parts.comesFromOutside(wait.fact.kind(), wait.fact.stack())) {
                outside.put(wait.fact.waiter().id(), wait.fact.kind());
            } else {
                outside.remove(wait.fact.waiter().id(), wait.fact.kind());
            }
        }
        if (!second.states.isEmpty()) {
            Map<Long, Character> now = new HashMap<>();
            parts.clear();
            asleepOrParked.clear();
            for (Second.StatesOfSecond part : second.states) {
                for (int i = 0; i < part.ids.length; i++) {
                    char state = part.letters[i] == 'R' && standsBy(part.ids[i]) ? 'W' : part.letters[i];
                    now.merge(part.ids[i], Parts.lane(state), Letters::worse);
                    if (state == NOT_TOLD) {
                        asleepOrParked.add(part.ids[i]);
                    }
                    Account.Part known = Parts.ofState(state);
                    if (known != null) {
                        parts.put(part.ids[i], known);
                    }
                }
            }
            last = now;
            lastSecond = second.epochSecond;
        }
        for (Snapshot snapshot : second.snapshots) {
            deadlocked = cyclic(snapshot);
            for (int row = 0; row < snapshot.rows; row++) {
                long id = snapshot.waiters[row].id();
                boolean outside = !snapshot.idle[row] && waitsForOutside(snapshot, row);
                char letter = outside ? 'I' : Parts.letter(snapshot.kind(row), snapshot.idle[row]);
                asleepOrParked.remove(id);
                if (last.containsKey(id) && !snapshot.waiters[row].virtual() && lastSecond == second.epochSecond) {
                    last.put(id, letter);
                    parts.put(id, outside ? Account.Part.IO : Parts.of(snapshot.kind(row), snapshot.idle[row]));
                }
            }
        }
    }

    /** A wait that has just begun has no stack as a rule; the thread's last one of that kind has. */
    private boolean waitsForOutside(Snapshot snapshot, int row) {
        LockTable.Entry lock = snapshot.locks[row];
        Stack stack = memory.waiterStacks.of(lock.lock);
        return stack.isEmpty()
                ? outside.get(snapshot.waiters[row].id()) == lock.kind
                : Parts.comesFromOutside(lock.kind, stack);
    }

    /** The JVM says RUNNABLE of its own threads that wait inside native code. */
    private boolean standsBy(long id) {
        ThreadTable.Entry entry = memory.threads.entries().get(id);
        return entry != null && JvmThreads.standBy(entry.ref.name());
    }

    /** Nanoseconds by monitor and by other lock within one second, and what the thread did besides. */
    private static char overlay(long[] nanos, char base) {
        long monitor = nanos[0];
        long lock = nanos[1];
        boolean asMonitor = monitor >= lock;
        char letter = asMonitor ? 'B' : 'L';
        long most = Math.max(monitor, lock);
        return most >= MOSTLY * 1e9 ? letter : most >= SEEN * 1e9 ? Parts.inPart(letter, base) : ' ';
    }

    /** The snapshot has stacks of few threads only; that the others sleep is known from their sleeps. */
    private void asleep(long epochSecond, Map<Long, Character> letters) {
        recent.removeIf(each -> each.epochSecond < epochSecond - SLEEPS_SECONDS);
        for (long id : asleepOrParked) {
            if (recent.stream().anyMatch(each -> each.spent.nanos(id, Account.Part.ASLEEP) > 0)) {
                letters.replace(id, Parts.lane(NOT_TOLD), 'S');
            }
        }
    }

    /** The JVM takes for running who has no core, who reads, writes or waits for events in native code, and who ran as it looked. */
    private void offCore(Second second, Map<Long, Character> letters) {
        Map<Long, Account.Part> inNative = seenInNative();
        for (Map.Entry<Long, Character> each : letters.entrySet()) {
            ThreadTable.Entry entry = each.getValue() == 'R' ? memory.threads.byId(each.getKey()) : null;
            if (entry != null) {
                each.setValue(offCore(second, entry, inNative.get(each.getKey())));
            }
        }
    }

    private static char offCore(Second second, ThreadTable.Entry entry, Account.@Nullable Part inNative) {
        OsCells os = second.os;
        int row = os == null ? -1 : os.row(entry.ref.osId());
        boolean known = os != null && row >= 0;
        if (os != null && known && os.queuedNanos(row) >= HALF) {
            return 'N';
        }
        long ran = os != null && known ? os.ranNanos(row) : 0;
        long inIo = second.spent.nanos(entry.ref.id(), Account.Part.IO);
        long asleep = second.spent.nanos(entry.ref.id(), Account.Part.ASLEEP);
        if (ran >= HALF) {
            return 'R';
        }
        if (inIo >= HALF || asleep >= HALF) {
            return inIo >= asleep ? 'I' : 'S';
        }
        boolean idle = inNative == Account.Part.IDLE && known && ran < LITTLE;
        return inNative == Account.Part.IO ? 'I' : idle ? asleep >= HALF - LITTLE ? 'S' : 'W' : 'R';
    }

    /** What samples of native methods lately found threads at, I/O or idle: a read that goes on is no event yet. */
    private Map<Long, Account.Part> seenInNative() {
        Map<Long, Account.Part> threads = new HashMap<>();
        for (Second second : recent) {
            for (Second.Sample sample : second.samples()) {
                Account.Part part = sample.kind == Fact.ActivityKind.NATIVE
                        ? inNative.computeIfAbsent(
                                sample.stack,
                                stack -> Objects.requireNonNullElse(
                                        Parts.of(StackReading.doing(stack, "")), Account.Part.UNKNOWN))
                        : null;
                if (part == Account.Part.IO || part == Account.Part.IDLE) {
                    threads.put(sample.thread.id(), part);
                }
            }
        }
        return threads;
    }

    private static Set<Long> cyclic(Snapshot snapshot) {
        Map<Long, Long> owners = new HashMap<>();
        for (int row = 0; row < snapshot.rows; row++) {
            ThreadRef owner = snapshot.owners[row];
            if (owner != null && snapshot.soFarNanos[row] >= WaitForGraph.DEADLOCK_AGE.toNanos()) {
                owners.put(snapshot.waiters[row].id(), owner.id());
            }
        }
        Set<Long> cyclic = new HashSet<>();
        for (Long start : List.copyOf(owners.keySet())) {
            Long slow = start;
            Long fast = owners.get(start);
            while (fast != null && !fast.equals(slow)) {
                slow = owners.get(slow);
                Long next = owners.get(fast);
                fast = next == null ? null : owners.get(next);
            }
            if (fast != null && cyclic.add(fast)) {
                for (Long on = owners.get(fast); on != null && cyclic.add(on); on = owners.get(on)) {
                    // walks once around the cycle
                }
            }
        }
        return cyclic;
    }

    private static char worse(char one, char other) {
        return Parts.badness(other) > Parts.badness(one) ? other : one;
    }
}
