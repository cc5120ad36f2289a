// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a test run. No thread-local, which some threads of the JDK erase: a strand hangs at its thread's shadow.
 *
 * <p>Up to so many threads are told apart at a time. Ended ones are retired from the oldest on, which can only lose races.
 */
final class Strands {
    private static final int MOST = 1_024;
    private static final int ENDED = 256;
    private static final int CACHE = 4_096;

    private static final AtomicReferenceArray<@Nullable Strand> BY_THREAD = new AtomicReferenceArray<>(CACHE);
    /** By number; written under the lock, read without. */
    private static volatile Strand[] all = new Strand[0];

    private static long numbers;

    private Strands() {}

    static Strand current() {
        Thread me = Thread.currentThread();
        int slot = System.identityHashCode(me) & (CACHE - 1);
        Strand known = BY_THREAD.get(slot);
        if (known == null || known.thread != me) {
            known = of(me);
            BY_THREAD.set(slot, known);
        }
        return known;
    }

    /** The strand of another thread; null if it has not been in woven code. */
    static @Nullable Strand known(Thread thread) {
        Shadow shadow = Shadows.find(thread);
        return shadow == null ? null : shadow.strand;
    }

    private static Strand of(Thread me) {
        Shadow shadow = Shadows.needed(me);
        Strand known = shadow.strand;
        if (known == null || known.retired) {
            known = create(me);
            shadow.strand = known;
        }
        return known;
    }

    private static synchronized Strand create(Thread me) {
        Strand[] before = all;
        if (before.length == MOST) {
            before = retire(before);
        }
        if (before.length >= MOST) {
            return new Strand(Strand.UNNUMBERED, me);
        }
        Strand strand = new Strand(++numbers, me);
        Strand[] more = new Strand[before.length + 1];
        System.arraycopy(before, 0, more, 0, before.length);
        more[before.length] = strand;
        all = more;
        return strand;
    }

    private static Strand[] retire(Strand[] before) {
        int ended = 0;
        for (Strand each : before) {
            ended += hasEnded(each) ? 1 : 0;
        }
        Strand[] left = new Strand[before.length];
        int count = 0;
        for (Strand each : before) {
            if (ended > ENDED && hasEnded(each)) {
                each.retired = true;
                each.thread = null;
                ended--;
            } else {
                left[count++] = each;
            }
        }
        Strand[] exact = new Strand[count];
        System.arraycopy(left, 0, exact, 0, count);
        return exact;
    }

    private static boolean hasEnded(Strand strand) {
        Thread thread = strand.thread;
        return thread == null || !thread.isAlive();
    }

    /** Orders all that any thread has let go by a release before what {@code me} does next. */
    static void heardOfAll(Strand me) {
        for (Strand each : all) {
            long released = each.released;
            if (each != me && released > 0 && me.clock.of(each) < released) {
                me.clock.raise(each, released);
            }
        }
    }

    static synchronized void clear() {
        for (Strand each : all) {
            each.retired = true;
            each.thread = null;
        }
        all = new Strand[0];
        for (int i = 0; i < CACHE; i++) {
            BY_THREAD.set(i, null);
        }
    }
}
