// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where each platform thread's time went, second by second.
 *
 * <p>The operating system says exactly how long a thread ran and how long it waited for a core. What is left of the second is shared out
 * in the order of how well it is known: waits, sleeps and I/O with a begin and an end; pauses of the JVM and throttling, if the thread wanted to
 * run; then the state at the snapshot. What remains of a thread that the snapshot found running, waits too short to be told singly, goes
 * where {@link ThreadSum} says. A second without any fact is unknown; those before the first and behind the last reading of the operating
 * system are left out.
 */
final class ThreadAccounts {
    private static final long SECOND = 1_000_000_000L;
    private static final double MOSTLY = 0.5;

    private final Memory memory;
    private final Range range;
    private final Letters letters;
    private final Spans pauses;
    private final Map<Long, ThreadSum> sums = new HashMap<>();

    ThreadAccounts(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
        this.letters = new Letters(memory);
        this.pauses = new Spans(memory, range);
    }

    Map<Long, ThreadSum> build() {
        long first = range.from().getEpochSecond();
        long end = first + QueueRows.seconds(range);
        letters.start(first);
        long last = lastRead(first, end);
        long begin = firstRead(first, last);
        for (long second = first; second < begin; second++) {
            letters.at(second, memory.second(second), Map.of());
        }
        long until = last < first ? end : last + 1;
        for (long second = begin; second < until; second++) {
            Second known = memory.second(second);
            Throttling throttling = Throttling.of(known, memory.target.cpus());
            for (Map.Entry<Long, Character> each : letters.at(
                            second, known, second == until - 1 ? pauses.lockedMost(second) : Map.of())
                    .entrySet()) {
                ThreadTable.Entry entry = memory.threads.byId(each.getKey());
                if (entry != null && !memory.threads.isObserver(entry.ref) && !endedBefore(entry, second)) {
                    ThreadSum sum = sums.computeIfAbsent(each.getKey(), id -> new ThreadSum());
                    sum.seconds++;
                    sum.last = each.getValue();
                    if (known == null || known.facts == 0) {
                        sum.add(Account.Part.UNKNOWN, SECOND);
                    } else {
                        add(sum, entry, known, throttling);
                    }
                }
            }
        }
        samples();
        return sums;
    }

    /** The last second that the operating system's readings cover: they come a second or two late; below {@code first} if none does. */
    private long lastRead(long first, long end) {
        long second = end - 1;
        while (second >= first && !read(second)) {
            second--;
        }
        return second;
    }

    /** The first one: readings begin after the attach. */
    private long firstRead(long first, long last) {
        long second = first;
        while (second < last && !read(second)) {
            second++;
        }
        return second;
    }

    private boolean read(long second) {
        Second known = memory.second(second);
        return known != null && known.os != null && known.os.covered() >= MOSTLY;
    }

    private static boolean endedBefore(ThreadTable.Entry entry, long second) {
        Instant ended = entry.ended;
        return ended != null && ended.getEpochSecond() < second;
    }

    private void add(ThreadSum sum, ThreadTable.Entry entry, Second known, Throttling throttling) {
        long thread = entry.ref.id();
        OsCells os = known.os;
        int row = os == null ? -1 : os.row(entry.ref.osId());
        long ran = 0;
        long queued = 0;
        if (os != null && row >= 0) {
            ran = os.ranNanos(row);
            queued = os.queuedNanos(row);
            sum.switches(os, row);
        } else {
            ran = known.cpu.get(thread) * (SECOND / 1_000_000);
        }
        ran = Math.min(SECOND, ran);
        queued = Math.min(SECOND - ran, queued);
        long off = SECOND - ran - queued;
        sum.add(Account.Part.ON_CORE, ran);
        off -= sum.add(known.spent, thread, off);
        Account.Part state = letters.part(thread);
        // who waited all along would not have run in a pause either
        double wanted = (double) (ran + queued + (state == null ? off : 0)) / SECOND;
        off -= sum.add(Account.Part.PAUSE, (long) Math.min((double) off, wanted * pauses.pause(known.epochSecond)));
        long stopped = (long) (wanted * throttling.share() * SECOND);
        long offThrottled = Math.min(off, stopped);
        long queuedThrottled = Math.min(queued, stopped - offThrottled);
        sum.add(Account.Part.THROTTLED, offThrottled + queuedThrottled);
        sum.add(Account.Part.RUN_QUEUE, queued - queuedThrottled);
        sum.rest(state, off - offThrottled);
    }

    /** What threads were seen to do in native methods, in which the JVM takes them for running. */
    private void samples() {
        for (Second second : memory.in(range)) {
            second.samples().forEach(sample -> {
                ThreadSum sum = sample.kind == Fact.ActivityKind.NATIVE ? sums.get(sample.thread.id()) : null;
                Account.Part part = sum == null ? null : Parts.of(StackReading.doing(sample.stack, ""));
                if (sum != null && part != null) {
                    sum.seen(part, sample.nanos);
                }
            });
        }
    }

    /**
     * How much of a second the quota kept a thread that wanted to run from it.
     *
     * <p>The kernel sums throttling over the cores of the group. A kernel before 6.18 leaves a throttled thread in the run queue, a later
     * one takes it out.
     */
    private record Throttling(double share) {
        static Throttling of(@Nullable Second second, int cpus) {
            OsCells os = second == null ? null : second.os;
            if (os == null) {
                return new Throttling(0);
            }
            int cores = Math.max(1, Math.min(cpus <= 0 ? Integer.MAX_VALUE : cpus, os.ran()));
            return new Throttling(Math.min(1, os.throttledNanos() / SECOND / cores));
        }
    }
}
