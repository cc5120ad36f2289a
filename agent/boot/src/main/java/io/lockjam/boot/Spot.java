// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** The last accesses to one field, element or unsafe object: the last write, and reads since. Guarded by its shadow. */
final class Spot {
    /** More threads that read are not remembered. */
    private static final int READERS = 8;

    final @Nullable String label;
    final int index;

    private @Nullable Note write;
    private final @Nullable Note[] reads = new Note[READERS];
    private int readers;

    Spot(@Nullable String label, int index) {
        this.label = label;
        this.index = index;
    }

    /**
     * One access.
     *
     * @param label as its probe names it: the field, or the method called
     */
    record Note(
            Strand strand, long epoch, int use, @Nullable String label, Strand.Path path) {
        boolean writes() {
            return Use.has(use, Use.WRITES);
        }
    }

    @SuppressWarnings("ReferenceEquality") // labels are constants
    boolean is(@Nullable String otherLabel, int otherIndex) {
        return label == otherLabel && index == otherIndex;
    }

    /** Whether the same thread has done the same since its last release: nothing new. */
    boolean isKnown(Strand me, boolean writes) {
        if (write != null && write.strand() == me && write.epoch() == me.epoch) {
            return readers == 0 || !writes;
        }
        return !writes && readers > 0 && isNow(reads[readers - 1], me);
    }

    /** Whether the last accesses are not all of this thread. */
    boolean isShared(Strand me) {
        boolean others = write != null && write.strand() != me;
        for (int i = 0; i < readers && !others; i++) {
            Note each = reads[i];
            others = each != null && each.strand() != me;
        }
        return others;
    }

    /** Takes an access in; returns an earlier one that conflicts and is not ordered before it, or null. */
    @Nullable
    Note pass(Note now) {
        Note conflict = unordered(write, now.strand());
        if (now.writes()) {
            for (int i = 0; conflict == null && i < readers; i++) {
                conflict = unordered(reads[i], now.strand());
            }
            readers = 0;
            write = now;
        } else {
            read(now);
        }
        return conflict;
    }

    private void read(Note now) {
        int kept = 0;
        for (int i = 0; i < readers; i++) {
            Note each = reads[i];
            if (each != null && !now.strand().knows(each.strand(), each.epoch())) {
                reads[kept++] = each;
            }
        }
        readers = kept;
        if (readers == READERS) {
            System.arraycopy(reads, 1, reads, 0, --readers);
        }
        reads[readers++] = now;
    }

    private static boolean isNow(@Nullable Note note, Strand me) {
        return note != null && note.strand() == me && note.epoch() == me.epoch;
    }

    private static @Nullable Note unordered(@Nullable Note earlier, Strand me) {
        return earlier == null || me.knows(earlier.strand(), earlier.epoch()) ? null : earlier;
    }
}
