// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The slots that have been lent, and who has them at this moment, by identity and weakly, in a fixed size.
 *
 * <p>A slot keeps its place while it lives, so that lending it again costs no object. Where all places of its hash are taken its use is
 * not timed; a slot that was dropped instead of being given back goes with it.
 */
final class SlotUses {
    private static final int SLOTS = 4096;
    private static final int PROBES = 8;

    /** A look at a thread's stack stops all threads for a moment on JDK 17, and the first that gets on ends the search. */
    private static final int MOST_HOLDERS = 64;

    private static final long LENT = 1;
    private static final long UNTIMED = 2;

    /** When the agent looked last: for uses that are not worth a reading of the clock. */
    private volatile long lately = System.nanoTime();

    private final AtomicReferenceArray<@Nullable Use> table = new AtomicReferenceArray<>(SLOTS);

    /** A slot: who has it, since when, and, if sampled, where it was taken. */
    static final class Use extends WeakReference<Object> {
        final PoolStat pool;
        /** Written before {@link #since}, read after it. */
        @Nullable
        Thread holder;

        @Nullable
        Site site;

        /** 0 while nobody has it; the lowest bit is always set, the next one if the use is not timed. */
        private final AtomicLong since = new AtomicLong();

        Use(Object slot, PoolStat pool) {
            super(slot);
            this.pool = pool;
        }

        void begin(Thread by, long now, @Nullable Site from, boolean timed) {
            holder = by;
            site = from;
            since.lazySet(timed ? (now | LENT) & ~UNTIMED : now | LENT | UNTIMED);
        }

        /** Nobody has it any more; a second call, or one for a slot that was lent before we came, does nothing. */
        void end() {
            long begun = since.get();
            if (begun == 0) {
                return;
            }
            since.lazySet(0);
            holder = null;
            site = null; // it keeps the classes of its frames
            if ((begun & UNTIMED) == 0) {
                pool.served(System.nanoTime() - begun);
            } else {
                pool.completions.getAndIncrement();
            }
        }

        long since() {
            return since.get();
        }
    }

    /** Who had a slot when the agent looked. */
    record Held(Thread holder, long since, @Nullable Site site) {}

    /** The stack at which a slot was taken; its frames are spelled out only if asked for. */
    static final class Site extends Throwable {
        private static final long serialVersionUID = 1;

        /** Frames kept in the text. */
        private static final int DEPTH = 40;

        Site() {
            super(null, null, false, true);
        }

        /** One frame a line, innermost first, from the method of the pool on. */
        String text() {
            StringBuilder text = new StringBuilder(512);
            StackTraceElement[] frames = getStackTrace();
            int lines = 0;
            for (int i = 0; i < frames.length && lines < DEPTH; i++) {
                StackTraceElement frame = frames[i];
                if (lines > 0 || !frame.getClassName().startsWith("io.lockjam.boot.")) {
                    append(text, frame);
                    lines++;
                }
            }
            return text.toString();
        }

        private static void append(StringBuilder text, StackTraceElement frame) {
            text.append(text.length() == 0 ? "" : "\n");
            text.append(frame.getClassName()).append('.').append(frame.getMethodName());
            text.append('(').append(frame.getFileName() == null ? "" : frame.getFileName());
            if (frame.getLineNumber() >= 0) {
                text.append(':').append(frame.getLineNumber());
            }
            text.append(')').append(frame.isNativeMethod() ? ":native" : "");
        }
    }

    /** A use that is timed. */
    void begin(Object slot, PoolStat pool, Thread by, long now, @Nullable Site site) {
        Use use = place(slot, pool);
        if (use != null) {
            use.begin(by, now, site, true);
        }
    }

    /** A use that is counted; since when somebody has the slot is known to a fifth of a second. */
    void beginUntimed(Object slot, PoolStat pool, Thread by) {
        Use use = place(slot, pool);
        if (use != null) {
            use.begin(by, lately, null, false);
        }
    }

    private @Nullable Use place(Object slot, PoolStat pool) {
        Use use = find(slot);
        return use != null && use.pool == pool ? use : add(slot, pool, use);
    }

    /** Reads the clock for the uses that are not timed. */
    void tick() {
        lately = System.nanoTime();
    }

    /** The place of a slot; null if it was never seen to be lent. */
    @Nullable
    Use find(Object slot) {
        int hash = hash(slot);
        for (int probe = 0; probe < PROBES; probe++) {
            Use there = table.get((hash + probe) & (SLOTS - 1));
            if (there != null && there.refersTo(slot)) {
                return there;
            }
        }
        return null;
    }

    /** @param before the place that the slot had in another pool */
    private @Nullable Use add(Object slot, PoolStat pool, @Nullable Use before) {
        Use added = new Use(slot, pool);
        int hash = hash(slot);
        for (int probe = 0; probe < PROBES; probe++) {
            int place = (hash + probe) & (SLOTS - 1);
            Use there = table.get(place);
            boolean free = before == null ? there == null || there.refersTo(null) : there == before;
            if (free && table.compareAndSet(place, there, added)) {
                return added;
            }
        }
        return null;
    }

    /** Slots of a pool that somebody has. */
    int lent(PoolStat pool) {
        int lent = 0;
        for (int place = 0; place < SLOTS; place++) {
            Use use = table.get(place);
            lent += use != null && use.pool == pool && use.since() != 0 && !use.refersTo(null) ? 1 : 0;
        }
        return lent;
    }

    /** Notes for each pool its oldest use, and forgets slots that are gone. */
    void look() {
        for (int place = 0; place < SLOTS; place++) {
            Use use = table.get(place);
            if (use == null) {
                continue;
            }
            if (use.refersTo(null)) {
                table.compareAndSet(place, use, null);
            } else {
                note(use);
            }
        }
    }

    private static void note(Use use) {
        long since = use.since();
        Thread holder = use.holder;
        Held oldest = use.pool.oldest;
        if (since != 0 && holder != null && (oldest == null || since - oldest.since < 0)) {
            use.pool.oldest = new Held(holder, since, use.site);
        }
    }

    /** The threads that have slots of a pool, at most as many as may be looked at in a second. */
    List<Thread> holders(PoolStat pool) {
        List<Thread> holders = new ArrayList<>();
        for (int place = 0; place < SLOTS && holders.size() < MOST_HOLDERS; place++) {
            Use use = table.get(place);
            Thread holder = use == null || use.since() == 0 ? null : use.holder;
            if (use != null && holder != null && use.pool == pool && !use.refersTo(null)) {
                holders.add(holder);
            }
        }
        return holders;
    }

    void clear() {
        for (int place = 0; place < SLOTS; place++) {
            table.set(place, null);
        }
    }

    private static int hash(Object slot) {
        int hash = System.identityHashCode(slot) * 0x9E3779B9;
        return hash >>> 16;
    }
}
