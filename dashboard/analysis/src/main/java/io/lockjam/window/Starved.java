// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.Optional;

/** Finds waits that were long because the holder had no core. */
final class Starved {
    /** Less than this of a wait does not explain it. */
    private static final double LEAST_SHARE = 0.4;

    private Starved() {}

    /**
     * That the thread had no core while it held. Whatever part of that time it did not itself wait, sleep or read, it wanted to run or did something of
     * which no event was kept; of that it got the shares that the scheduler's figures for these seconds tell.
     */
    static Optional<Holder> of(
            Memory memory, HolderIndex index, ThreadRef thread, Range holding, Fact.WaitEnded waited) {
        Range touched = new Range(holding.from(), holding.to().plusNanos(1));
        long queued = Scheduled.of(memory, thread, touched).queued();
        long wait = Math.max(1, waited.waited().toNanos());
        if (queued < LEAST_SHARE * wait) {
            return Optional.empty();
        }
        long elsewhere = memory.in(touched).stream()
                .mapToLong(second -> notQueued(index, thread, second))
                .sum();
        long wanted = Math.max(0, holding.length().toNanos() - blocked(index, thread, holding));
        double without = Math.min((double) queued, (double) wanted * queued / Math.max(1, queued + elsewhere));
        double share = without / wait;
        if (share < LEAST_SHARE) {
            return Optional.empty();
        }
        String detail = "for %d of %d ms".formatted(Math.round(without / 1e6), Math.round(wait / 1e6));
        return Optional.of(new Holder(thread, Doing.WAITS_FOR_CORE, Math.min(1, share), Stack.EMPTY, null, detail));
    }

    /** How long in a second the thread ran, or did what no event tells: of many short sleeps not all are kept. */
    private static long notQueued(HolderIndex index, ThreadRef thread, Second second) {
        int row = second.os == null ? -1 : second.os.row(thread.osId());
        if (second.os == null || row < 0) {
            return 0;
        }
        Instant from = Instant.ofEpochSecond(second.epochSecond);
        Range whole = new Range(from, from.plusSeconds(1));
        long other = whole.length().toNanos() - second.os.queuedNanos(row) - blocked(index, thread, whole);
        return Math.max(other, second.os.ranNanos(row));
    }

    /** How much of a span the thread is known to have waited, slept or read itself. */
    private static long blocked(HolderIndex index, ThreadRef thread, Range span) {
        long nanos = 0;
        for (Fact.Activity each : ByTime.touching(index.activities, thread.id(), span.from(), span.to())) {
            nanos += span.overlap(each.at().minus(each.took()), each.at()).toNanos();
        }
        for (Second.KeptWait each : ByTime.touching(index.waits, thread.id(), span.from(), span.to())) {
            Instant at = each.fact.at();
            nanos += span.overlap(at.minus(each.fact.waited()), at).toNanos();
        }
        return nanos;
    }
}
