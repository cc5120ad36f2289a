// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** One thread in the order of a test run: what is ordered before it, and whether it is in woven code. Of that thread alone. */
final class Strand {
    /** Of a thread beyond those that can be told apart: it passes order on, and its own accesses are not judged. */
    static final long UNNUMBERED = -1;

    private static final int PATHS = 64;

    final long number;
    final Clock clock = new Clock();
    /** Null once retired. */
    volatile @Nullable Thread thread;
    /** All its accesses count as ordered from now on. */
    volatile boolean retired;
    /** Up to here its accesses were let go by some release; read by all. */
    volatile long released;

    long epoch = 1;
    /** Whether the innermost frame that matters is woven. */
    boolean inside;
    /** The call out of woven code that is under way; null if it is inside, or was called by nobody we know. */
    @Nullable
    Crossing pending;
    /** Version of the clock that every acquire hears which it has joined. */
    long commonSeen;

    private @Nullable Path[] paths = new Path[PATHS];
    private int pathCount;

    Strand(long number, Thread thread) {
        this.number = number;
        this.thread = thread;
    }

    /** Ends an epoch: what was done in it may be seen by others from now on. */
    void publish() {
        released = epoch;
        epoch++;
    }

    void releaseInto(Clock to) {
        to.join(clock);
        if (number != UNNUMBERED) {
            to.raise(this, epoch);
        }
    }

    /** Whether all that the other had done by then is ordered before this thread's next step. */
    boolean knows(Strand other, long then) {
        return other == this || other.retired || clock.of(other) >= then;
    }

    /**
     * The way the thread comes to a site.
     *
     * @param exact whether it has to be taken now; else it is the first, the second, the fourth time and so on
     */
    Path path(int site, @Nullable String label, boolean exact) {
        if (exact) {
            return new Path(site, label, 0, HeldLocks.names(Thread.currentThread()));
        }
        int slot = slot(site, label, paths.length);
        Path known = paths[slot];
        while (known != null && !known.is(site, label)) {
            slot = (slot + 1) & (paths.length - 1);
            known = paths[slot];
        }
        if (known == null || known.isDue()) {
            int passes = known == null ? 0 : known.passes;
            pathCount += known == null ? 1 : 0;
            known = new Path(site, label, passes, HeldLocks.names(Thread.currentThread()));
            paths[slot] = known;
            growPaths();
        }
        known.passes++;
        return known;
    }

    private void growPaths() {
        if (pathCount * 2 < paths.length) {
            return;
        }
        @Nullable Path[] larger = new Path[paths.length * 2];
        for (Path each : paths) {
            if (each != null) {
                int slot = slot(each.site, each.label, larger.length);
                while (larger[slot] != null) {
                    slot = (slot + 1) & (larger.length - 1);
                }
                larger[slot] = each;
            }
        }
        paths = larger;
    }

    private static int slot(int site, @Nullable String label, int length) {
        return (site * 31 + System.identityHashCode(label)) & (length - 1);
    }

    /** A stack at a site, with the locks then held. */
    static final class Path extends Throwable {
        private static final long serialVersionUID = 1;

        final int site;
        final transient @Nullable String label;
        final transient String locks;
        int passes;

        Path(int site, @Nullable String label, int passes, String locks) {
            this.site = site;
            this.label = label;
            this.passes = passes;
            this.locks = locks;
        }

        @SuppressWarnings("ReferenceEquality") // labels are constants
        boolean is(int otherSite, @Nullable String otherLabel) {
            return site == otherSite && label == otherLabel;
        }

        boolean isDue() {
            return (passes & (passes - 1)) == 0;
        }
    }
}
