// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Waits for locks and pauses of the JVM cut at the seconds they run through: nanoseconds by thread, for each second.
 *
 * <p>A fact comes when its wait ends; so what ends within a minute after the range is read as well.
 */
final class Spans {
    private static final int LOOK_AHEAD_SECONDS = 60;
    /** Of a second, in nanoseconds. */
    private static final long MOST = 500_000_000L;

    private final Range range;
    private final Map<Long, Map<Long, long[]>> locked = new HashMap<>();
    private final Map<Long, Long> pauses = new HashMap<>();

    Spans(Memory memory, Range range) {
        this.range = range;
        Range wide = new Range(range.from(), range.to().plusSeconds(LOOK_AHEAD_SECONDS));
        for (Second second : memory.in(wide)) {
            for (Second.KeptWait wait : second.waits) {
                if (!wait.fact.waiter().virtual()) {
                    add(wait);
                }
            }
        }
        for (Fact.Pause pause : memory.few(wide, Fact.Pause.class)) {
            Instant begin = pause.at().minus(pause.took());
            Map<Long, Map<Long, long[]>> cut = new HashMap<>();
            spread(cut, 0, 0, begin, pause.at());
            cut.forEach((second, nanos) -> pauses.merge(second, nanos.getOrDefault(0L, new long[1])[0], Long::sum));
        }
    }

    /** By thread: nanoseconds blocked on monitors, and held up by other locks, in a second. */
    Map<Long, long[]> locked(long epochSecond) {
        return locked.getOrDefault(epochSecond, Map.of());
    }

    /** The same of threads that were held up for most of the second: a snapshot may have met them between two waits. */
    Map<Long, long[]> lockedMost(long epochSecond) {
        Map<Long, long[]> most = new HashMap<>(locked(epochSecond));
        most.values().removeIf(nanos -> nanos[0] + nanos[1] < MOST);
        return most;
    }

    long pause(long epochSecond) {
        return pauses.getOrDefault(epochSecond, 0L);
    }

    private void add(Second.KeptWait wait) {
        long thread = wait.fact.waiter().id();
        Instant end = wait.fact.at();
        Instant begin = end.minus(wait.fact.waited());
        char letter = Parts.letter(wait.fact.kind(), wait.idle);
        if (letter != 'W' && !Parts.comesFromOutside(wait.fact.kind(), wait.fact.stack())) {
            spread(locked, thread, letter == 'B' ? 0 : 1, begin, end);
        }
    }

    private void spread(Map<Long, Map<Long, long[]>> into, long thread, int column, Instant begin, Instant end) {
        Instant from = begin.isAfter(range.from()) ? begin : range.from();
        Instant to = end.isBefore(range.to()) ? end : range.to();
        while (from.isBefore(to)) {
            long second = from.getEpochSecond();
            Instant next = Instant.ofEpochSecond(second + 1);
            Instant until = next.isBefore(to) ? next : to;
            long nanos = new Range(from, until).length().toNanos();
            into.computeIfAbsent(second, key -> new HashMap<>()).computeIfAbsent(thread, key -> new long[2])[column] +=
                    nanos;
            from = until;
        }
    }
}
