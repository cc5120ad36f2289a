// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** What is remembered of one object of the application as long as it lives. Its monitor guards its parts. */
final class Shadow extends WeakReference<Object> {
    final int hash;
    /** In the chain of its bucket. */
    @Nullable
    Shadow next;

    /** What whoever acquires the object hears. */
    final Clock sync = new Clock();
    /** Of a class, what its initialiser did; of a thread, what was before its start, by woven code. Never changed. */
    volatile @Nullable Clock begun;
    /** Of a thread. */
    volatile @Nullable Strand strand;
    /** Code that is not woven may use it by itself, or, of a class, its objects. */
    volatile boolean escaped;
    /** A class whose objects woven code hands to an executor of the JDK, and to nobody else. */
    volatile boolean handed;

    /** Who made the object; null if that is not known. */
    volatile @Nullable Strand maker;

    private long madeAt;

    private @Nullable Spot[] spots = new Spot[2];
    private int spotCount;

    Shadow(Object object, int hash) {
        super(object);
        this.hash = hash;
    }

    synchronized void made(Strand by) {
        if (maker == null) {
            madeAt = by.epoch;
            maker = by;
        }
    }

    /** Takes over who made it, from the object that stands for this one. */
    synchronized void madeAs(Shadow other) {
        if (maker == null) {
            madeAt = other.madeAt;
            maker = other.maker;
        }
    }

    /** Whether the making is ordered before what the thread does next. */
    boolean isMadeBefore(Strand me) {
        Strand by = maker;
        return by != null && me.knows(by, madeAt);
    }

    /** Null if there is no room. With the monitor held. */
    @Nullable
    Spot spot(@Nullable String label, int index, int most) {
        int slot = slot(label, index, spots.length);
        Spot there = spots[slot];
        while (there != null && !there.is(label, index)) {
            slot = (slot + 1) & (spots.length - 1);
            there = spots[slot];
        }
        if (there == null && spotCount < most) {
            there = new Spot(label, index);
            spots[slot] = there;
            spotCount++;
            grow();
        }
        return there;
    }

    synchronized void forgetSpots() {
        spots = new Spot[2];
        spotCount = 0;
    }

    private void grow() {
        if (spotCount * 2 < spots.length) {
            return;
        }
        @Nullable Spot[] larger = new Spot[spots.length * 2];
        for (Spot each : spots) {
            if (each != null) {
                int slot = slot(each.label, each.index, larger.length);
                while (larger[slot] != null) {
                    slot = (slot + 1) & (larger.length - 1);
                }
                larger[slot] = each;
            }
        }
        spots = larger;
    }

    private static int slot(@Nullable String label, int index, int length) {
        return (index * 31 + System.identityHashCode(label)) & (length - 1);
    }
}
