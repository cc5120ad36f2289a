// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state letter of each platform thread, second after second; a snapshot holds until the next, for ten seconds at most. */
final class Letters {
    /** The agent takes a snapshot each 1 to 10 s, by what it costs. */
    private static final int HOLDS_SECONDS = 10;

    private static final double MOSTLY = 0.2;
    private static final double READY_SHARE = 0.5;

    private static final Set<String> OF_THE_JVM = Set.of(
            "Attach Listener",
            "Signal Dispatcher",
            "Reference Handler",
            "Notification Thread",
            "Service Thread",
            "Monitor Deflation Thread",
            "JFR Recorder Thread");

    private final Memory memory;
    private Map<Long, Character> last = Map.of();
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
            if (letters.containsKey(each.getKey())) {
                letters.merge(each.getKey(), overlay(each.getValue()), Letters::worse);
            }
        }
        if (known != null) {
            ready(known, letters);
        }
        deadlocked.forEach(id -> letters.computeIfPresent(id, (thread, letter) -> 'D'));
        return letters;
    }

    private void take(Second second) {
        if (!second.states.isEmpty()) {
            Map<Long, Character> now = new HashMap<>();
            for (Second.StatesOfSecond part : second.states) {
                for (int i = 0; i < part.ids.length; i++) {
                    char letter = part.letters[i] == 'R' && standsBy(part.ids[i]) ? 'W' : part.letters[i];
                    now.merge(part.ids[i], letter, Letters::worse);
                }
            }
            last = now;
            lastSecond = second.epochSecond;
        }
        for (Snapshot snapshot : second.snapshots) {
            deadlocked = cyclic(snapshot);
            for (int row = 0; row < snapshot.rows; row++) {
                char letter = Parts.letter(snapshot.kind(row), snapshot.idle[row]);
                long id = snapshot.waiters[row].id();
                if (last.containsKey(id) && !snapshot.waiters[row].virtual() && lastSecond == second.epochSecond) {
                    last.put(id, letter);
                }
            }
        }
    }

    /** The JVM says RUNNABLE of its own threads that wait inside native code. */
    private boolean standsBy(long id) {
        ThreadTable.Entry entry = memory.threads.entries().get(id);
        return entry != null && OF_THE_JVM.contains(entry.ref.name());
    }

    /** Nanoseconds by monitor and by other lock within one second. */
    private static char overlay(long[] nanos) {
        long monitor = nanos[0];
        long lock = nanos[1];
        boolean asMonitor = monitor >= lock;
        char letter = asMonitor ? 'B' : 'L';
        return Math.max(monitor, lock) >= MOSTLY * 1e9 ? letter : Character.toLowerCase(letter);
    }

    private void ready(Second second, Map<Long, Character> letters) {
        Second.OsCells os = second.os;
        if (os == null) {
            return;
        }
        for (int i = 0; i < os.osIds.length; i++) {
            ThreadTable.Entry entry = memory.threads.byOsId(os.osIds[i]);
            if (entry != null && os.queuedMicros[i] >= READY_SHARE * 1e6 * os.intervalSeconds) {
                letters.computeIfPresent(entry.ref.id(), (id, letter) -> letter == 'R' ? 'N' : letter);
            }
        }
    }

    private static Set<Long> cyclic(Snapshot snapshot) {
        Map<Long, Long> owners = new HashMap<>();
        for (int row = 0; row < snapshot.rows; row++) {
            ThreadRef owner = snapshot.owners[row];
            if (owner != null) {
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
