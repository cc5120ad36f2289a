// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the {@link QueueWindow}s of a range. */
final class QueueRows {
    private final Memory memory;
    private final Range range;
    private final Map<String, Sum> sums = new LinkedHashMap<>();

    private static final class Sum {
        final LockRef queue;
        final int[] depths;
        final long[] puts = new long[Histogram.BUCKETS];
        final long[] takes = new long[Histogram.BUCKETS];
        final List<Second.KeptWait> putWaits = new ArrayList<>();
        final List<Second.KeptWait> takeWaits = new ArrayList<>();
        Fact.@Nullable QueueTotals last;
        long putCount;
        long takeCount;
        long putNanos;
        long takeNanos;
        long idleNanos;

        Sum(LockRef queue, int seconds) {
            this.queue = queue;
            this.depths = new int[seconds];
            Arrays.fill(depths, -1);
        }
    }

    QueueRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    List<QueueWindow> build() {
        long first = range.from().getEpochSecond();
        int length = seconds(range);
        for (Second second : memory.in(range)) {
            for (Second.QueueCell cell : second.queues) {
                Sum sum = sum(cell.fact().queue(), length);
                add(sum, cell, (int) (second.epochSecond - first));
            }
            for (Second.KeptWait wait : second.waits) {
                if (!wait.idle && wait.lock.kind.isQueue() && range.contains(wait.fact.at())) {
                    Sum sum = sum(wait.lock.lock, length);
                    (wait.lock.kind == WaitKind.QUEUE_PUT ? sum.putWaits : sum.takeWaits).add(wait);
                }
            }
        }
        return sums.values().stream()
                .map(this::window)
                .sorted(Comparator.comparing(
                                (QueueWindow queue) -> queue.putWait().plus(queue.takeWait()))
                        .reversed())
                .toList();
    }

    /** Whole seconds that touch a range. */
    static int seconds(Range range) {
        if (range.length().isZero()) {
            return 0;
        }
        return (int) (range.to().minusNanos(1).getEpochSecond() - range.from().getEpochSecond() + 1);
    }

    static List<Integer> boxed(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static double mean(int[] values) {
        return Arrays.stream(values).filter(value -> value >= 0).average().orElse(0);
    }

    static int max(int[] values) {
        return Math.max(0, Arrays.stream(values).max().orElse(0));
    }

    private Sum sum(LockRef queue, int length) {
        return sums.computeIfAbsent(queue.identity() + queue.className(), id -> new Sum(queue, length));
    }

    private static void add(Sum sum, Second.QueueCell cell, int index) {
        Fact.QueueTotals fact = cell.fact();
        sum.last = fact;
        if (index >= 0 && index < sum.depths.length) {
            sum.depths[index] = fact.depth();
        }
        sum.putCount += fact.putWaits();
        sum.takeCount += fact.takeWaits();
        sum.putNanos += fact.putWaited().toNanos();
        sum.takeNanos += fact.takeWaited().toNanos();
        sum.idleNanos += fact.idleTakeWaited().toNanos();
        cell.puts().addTo(sum.puts);
        cell.takes().addTo(sum.takes);
    }

    private QueueWindow window(Sum sum) {
        Fact.QueueTotals last = sum.last;
        LockTable.Entry put = memory.locks.peek(WaitKind.QUEUE_PUT, sum.queue);
        LockTable.Entry take = memory.locks.peek(WaitKind.QUEUE_TAKE, sum.queue);
        LockTable.Entry named = put != null && put.name != null ? put : take != null && take.name != null ? take : put;
        String name = named != null
                ? memory.locks.name(named)
                : take != null ? memory.locks.name(take) : sum.queue.className();
        Scale puts = Scale.of(sum.putWaits, sum.putNanos, sum.putCount);
        Scale takes = Scale.of(sum.takeWaits, sum.takeNanos, sum.takeCount);
        return new QueueWindow(
                "queue-" + sum.queue.identity(),
                sum.queue.className(),
                name,
                sum.queue.identity(),
                range,
                last == null ? -1 : last.capacity(),
                mean(sum.depths),
                max(sum.depths),
                last == null ? 0 : last.depth(),
                boxed(sum.depths),
                Slope.of(sum.depths),
                sum.putCount,
                Duration.ofNanos(sum.putNanos),
                Histogram.ofCounts(sum.puts),
                sum.takeCount,
                Duration.ofNanos(sum.takeNanos),
                Histogram.ofCounts(sum.takes),
                Duration.ofNanos(sum.idleNanos),
                last == null ? null : last.poolIdentity(),
                LockRows.sites(sum.putWaits, puts),
                LockRows.sites(sum.takeWaits, takes),
                LockRows.parts(sum.putWaits, puts, wait -> wait.fact.waiter()),
                LockRows.parts(sum.takeWaits, takes, wait -> wait.fact.waiter()));
    }
}
