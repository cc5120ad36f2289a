// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Drains the table of locks once an interval, on the agent's thread. */
final class Totals {
    /** Rows of single locks in one interval; the waits of the others are summed by kind under id 0. */
    private static final int MOST_ROWS = 300;

    /** An entry that nobody waited on for so many flushes makes room. */
    private static final int QUIET_FLUSHES = 30;

    private final LockTable table;
    private final LockStat[] byClass;
    private final long interval;
    private final Sink sink;

    private final Sums all = new Sums();
    private final @Nullable Sums[] rest = new @Nullable Sums[Kind.count()];
    private final List<Drained> locks = new ArrayList<>();
    private final IdentityHashMap<Object, QueueSums> queues = new IdentityHashMap<>();

    Totals(LockTable table, LockStat[] byClass, long interval, Sink sink) {
        this.crowded = table.entries > LockTable.SLOTS / 2;
        this.table = table;
        this.byClass = byClass;
        this.interval = interval;
        this.sink = sink;
    }

    /** An entry and what was drained from it. */
    private record Drained(LockStat stat, Sums sums, int waiting) {}

    /** Both sides of one queue. */
    private static final class QueueSums {
        final Sums put = new Sums();
        final Sums take = new Sums();

        @Nullable
        LockStat stat;

        int poolId;
        /** Time in which workers of the pool waited, for waits that have not ended, too. */
        long idle;
    }

    /** Whether more than half the table was in use before this flush; then quiet entries go sooner. */
    private final boolean crowded;

    private int entries;

    /** Hands all totals to the sink; returns the sums over all waits. */
    Sums flush() {
        for (int slot = 0; slot < LockTable.SLOTS; slot++) {
            LockStat stat = table.at(slot);
            if (stat != null) {
                entries++;
                boolean active = drain(stat);
                age(slot, stat, active);
            }
        }
        for (LockStat stat : byClass) {
            drain(stat);
        }
        for (int kind = 0; kind < Kind.count(); kind++) {
            drainOverflow(table.overflow(kind));
        }
        table.entries = entries;
        emitLocks();
        emitQueues();
        return all;
    }

    private boolean drain(LockStat stat) {
        int waiting = stat.waiting.get();
        if (stat.waits.isEmpty() && waiting <= 0) {
            stat.holder = null;
            Object queue = stat.found ? stat.get() : null;
            if (queue == null) {
                return false;
            }
            addToQueue(stat, new Sums());
            return QueueAccess.cheapDepth(queue) > 0; // an empty one is forgotten in time
        }
        Sums sums = new Sums();
        stat.waits.drain(sums);
        all.add(sums);
        if (stat.mode == Kind.PUT || stat.mode == Kind.TAKE) {
            addToQueue(stat, sums);
        } else {
            locks.add(new Drained(stat, sums, Math.max(0, waiting)));
        }
        return true;
    }

    private void addToQueue(LockStat stat, Sums sums) {
        Object queue = stat.get();
        QueueSums both = queues.computeIfAbsent(queue == null ? stat : queue, absent -> new QueueSums());
        both.stat = stat;
        both.poolId = Math.max(both.poolId, stat.poolId);
        if (stat.mode == Kind.TAKE) {
            Since since = stat.since;
            both.idle += since == null ? sums.sum : since.waited(sums.sum, System.nanoTime());
        }
        (stat.mode == Kind.PUT ? both.put : both.take).add(sums);
    }

    private void drainOverflow(LockStat stat) {
        Sums sums = new Sums();
        stat.waits.drain(sums);
        if (sums.count > 0) {
            all.add(sums);
            addToRest(stat.kind, sums);
        }
    }

    private void addToRest(Kind kind, Sums sums) {
        Sums there = rest[kind.index()];
        if (there == null) {
            there = new Sums();
            rest[kind.index()] = there;
        }
        there.add(sums);
    }

    private void age(int slot, LockStat stat, boolean active) {
        stat.quietFlushes = active ? 0 : stat.quietFlushes + 1;
        boolean collected = stat.refersTo(null);
        boolean quiet = stat.quietFlushes >= (crowded ? 2 : QUIET_FLUSHES) && stat.poolId == 0;
        if ((collected || quiet) && table.remove(slot, stat)) {
            drain(stat); // a wait that ended just before
        }
    }

    private void emitLocks() {
        if (locks.size() > MOST_ROWS) {
            locks.sort((a, b) -> Long.compare(weight(b), weight(a)));
        }
        for (int i = 0; i < locks.size(); i++) {
            Drained each = locks.get(i);
            if (i < MOST_ROWS) {
                emit(each);
            } else {
                addToRest(each.stat.kind, each.sums);
            }
        }
        for (int kind = 0; kind < Kind.count(); kind++) {
            Sums sums = rest[kind];
            if (sums != null) {
                sink.lock(row(Kind.at(kind).id, null, 0, sums, 0, 0, 0, 0));
            }
        }
    }

    /** Threads that still wait count as if they had waited the whole interval. */
    private long weight(Drained each) {
        return each.sums.sum + each.waiting * interval;
    }

    private void emit(Drained each) {
        LockStat stat = each.stat;
        long holds = stat.holds.getAndSet(0);
        long held = stat.held.getAndSet(0);
        long longestHold = stat.longestHold.getAndSet(0);
        sink.lock(row(stat.kind.id, stat.reported, stat.id, each.sums, holds, held, longestHold, each.waiting));
    }

    private LockRow row(
            String kind,
            @Nullable Class<?> type,
            long id,
            Sums sums,
            long holds,
            long held,
            long longestHold,
            int waiting) {
        return new LockRow(
                kind,
                type,
                id,
                sums.count,
                sums.sum,
                sums.max,
                sums.histogram(),
                holds,
                held,
                longestHold,
                waiting,
                interval);
    }

    private void emitQueues() {
        for (Map.Entry<Object, QueueSums> entry : queues.entrySet()) {
            QueueSums both = entry.getValue();
            LockStat stat = both.stat;
            if (stat == null) {
                continue;
            }
            Object queue = entry.getKey();
            boolean idle = both.poolId != 0;
            sink.queue(new QueueRow(
                    stat.reported,
                    stat.id,
                    QueueAccess.capacity(queue),
                    QueueAccess.depth(queue),
                    both.put.count,
                    both.put.sum,
                    both.put.histogram(),
                    idle ? 0 : both.take.count,
                    idle ? 0 : both.take.sum,
                    idle ? "" : both.take.histogram(),
                    idle ? both.idle : 0,
                    both.poolId,
                    interval));
        }
    }
}
