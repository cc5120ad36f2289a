// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The pools we know, by identity and weakly, in a fixed size; further ones are not watched. */
final class PoolTable {
    private static final int SLOTS = 512;
    private static final int PROBES = 16;
    /** A pool in which nothing happens is reported once in so many flushes. */
    private static final int QUIET_FLUSHES = 10;

    private final AtomicReferenceArray<@Nullable PoolStat> slots = new AtomicReferenceArray<>(SLOTS);
    private int flushes;

    /** The entry of the pool, added if it is new; null if there is no room or it is none we know. */
    @Nullable
    PoolStat find(Object pool) throws Throwable {
        int hash = System.identityHashCode(pool) * 0x9E3779B9;
        int free = -1;
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = ((hash >>> 16) + probe) & (SLOTS - 1);
            PoolStat stat = slots.get(slot);
            if (stat == null) {
                free = free < 0 ? slot : free;
            } else if (stat.refersTo(pool)) {
                return stat;
            }
        }
        return free < 0 ? null : add(pool, free);
    }

    private @Nullable PoolStat add(Object pool, int slot) throws Throwable {
        PoolReader reader = PoolReader.of(pool);
        if (reader == null) {
            return null;
        }
        PoolStat stat = new PoolStat(pool, reader);
        if (!slots.compareAndSet(slot, null, stat)) {
            return null; // this one task is not timed
        }
        Object queue = reader == WorkerPoolReader.JDK ? WorkerPoolReader.JDK.workQueue(pool) : null;
        if (queue != null) {
            stat.tasksIn(queue);
        }
        return stat;
    }

    /** Looks at every pool, for the mean number of busy threads. */
    void sample() {
        for (int slot = 0; slot < SLOTS; slot++) {
            PoolStat stat = slots.get(slot);
            Object pool = stat == null ? null : stat.get();
            if (stat != null && pool != null) {
                stat.alone = LoopHooks.alone(pool);
                stat.view.look(pool, stat);
            }
        }
    }

    void flush(long interval, Sink sink) {
        flushes++;
        SlotHooks.USES.look();
        for (int slot = 0; slot < SLOTS; slot++) {
            PoolStat stat = slots.get(slot);
            if (stat == null) {
                continue;
            }
            Object pool = stat.get();
            if (pool == null) {
                slots.compareAndSet(slot, stat, null);
            } else {
                PoolRow row = stat.view.row(pool, stat, interval);
                stat.refill(System.nanoTime(), row.queueDepth());
                if (isActive(row) || flushes % QUIET_FLUSHES == 0) {
                    sink.pool(row);
                }
            }
        }
        TaskClock.clean();
    }

    void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            slots.set(slot, null);
        }
        TaskClock.clear();
        SlotHooks.USES.clear();
    }

    private static boolean isActive(PoolRow row) {
        return row.arrivals() > 0
                || row.completions() > 0
                || row.rejections() > 0
                || row.busy() > 0
                || row.busyTime() > 0
                || row.queueDepth() > 0;
    }
}
