// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link LockStat} of an object by identity, without locks and within a fixed size.
 *
 * <p>Open addressing: an entry lies in one of {@link #PROBES} slots after its hash. Where all are taken, the waits are
 * summed by kind and counted as dropped. Two threads that add the same object at once can leave two entries; both are
 * reported and their sums are right.
 */
final class LockTable {
    /** About 1.5 KB an entry: 6 MB if every slot is in use. */
    static final int SLOTS = 4096;

    private static final int PROBES = 16;
    /** Fills the slot of a removed entry, so that a search goes on past it. */
    private static final LockStat REMOVED = LockStat.shared(Kind.IGNORED, null);

    /** Entries at the last flush; the agent's thread only. */
    int entries;

    final AtomicLong dropped = new AtomicLong();

    private final AtomicReferenceArray<@Nullable LockStat> slots = new AtomicReferenceArray<>(SLOTS);
    private final LockStat[] overflow = new LockStat[Kind.count()];

    LockTable() {
        for (int i = 0; i < overflow.length; i++) {
            overflow[i] = LockStat.shared(Kind.at(i), null);
        }
    }

    /** The entry of the object in this mode, added if there is room; otherwise the one that all such waits share. */
    LockStat find(Object subject, int mode) {
        int first = hash(subject, mode);
        for (int attempt = 0; attempt < 3; attempt++) {
            int free = -1;
            for (int probe = 0; probe < PROBES; probe++) {
                int slot = (first + probe) & (SLOTS - 1);
                LockStat stat = slots.get(slot);
                if (stat == null || stat == REMOVED) {
                    free = free < 0 ? slot : free;
                    if (stat == null) {
                        break;
                    }
                } else if (stat.is(subject, mode)) {
                    return stat;
                }
            }
            if (free < 0) {
                break;
            }
            LockStat added = LockStat.of(subject, mode);
            LockStat there = slots.get(free);
            if ((there == null || there == REMOVED) && slots.compareAndSet(free, there, added)) {
                return added;
            }
        }
        dropped.getAndIncrement();
        return overflow[Kind.of(subject, mode).index()];
    }

    /** The entry, or null if the object has none. */
    @Nullable
    LockStat peek(Object subject, int mode) {
        int first = hash(subject, mode);
        for (int probe = 0; probe < PROBES; probe++) {
            LockStat stat = slots.get((first + probe) & (SLOTS - 1));
            if (stat == null) {
                return null;
            }
            if (stat != REMOVED && stat.is(subject, mode)) {
                return stat;
            }
        }
        return null;
    }

    /** The entry in a slot; null if there is none. */
    @Nullable
    LockStat at(int slot) {
        LockStat stat = slots.get(slot);
        return stat == REMOVED ? null : stat;
    }

    LockStat overflow(int kind) {
        return overflow[kind];
    }

    /** Takes the entry out unless a thread is waiting on it. */
    void remove(LockStat stat) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (slots.get(slot) == stat) {
                remove(slot, stat);
                return;
            }
        }
    }

    /** Takes the entry out of its slot unless a thread is waiting on it. */
    boolean remove(int slot, LockStat stat) {
        stat.evicted = true;
        if (stat.waiting.get() != 0) {
            stat.evicted = false;
            return false;
        }
        return slots.compareAndSet(slot, stat, REMOVED);
    }

    void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            LockStat stat = slots.getAndSet(slot, null);
            if (stat != null && stat != REMOVED) {
                stat.evicted = true;
                stat.holder = null;
            }
        }
    }

    private static int hash(Object subject, int mode) {
        int hash = System.identityHashCode(subject) * 0x9E3779B9 + mode * 0x85EBCA6B;
        return (hash ^ (hash >>> 15)) & (SLOTS - 1);
    }
}
