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

    private final AtomicReferenceArray<@Nullable Use> table = new AtomicReferenceArray<>(SLOTS);

    /** A slot: who has it, since when, and, if sampled, where it was taken. */
    static final class Use extends WeakReference<Object> {
        final PoolStat pool;
        volatile @Nullable Thread holder;
        volatile @Nullable Site site;
        /** 0 while nobody has it. */
        private final AtomicLong since = new AtomicLong();

        Use(Object slot, PoolStat pool) {
            super(slot);
            this.pool = pool;
        }

        void begin(Thread by, long now, @Nullable Site from) {
            holder = by;
            site = from;
            since.set(now | 1); // 0 says that nobody has it
        }

        /** Returns since when it was lent; 0 if it was not, or by another's return meanwhile. */
        long end() {
            long begun = since.getAndSet(0);
            holder = null;
            return begun;
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

    void begin(Object slot, PoolStat pool, Thread by, long now, @Nullable Site site) {
        Use use = find(slot);
        if (use == null || use.pool != pool) {
            use = add(slot, pool, use);
        }
        if (use != null) {
            use.begin(by, now, site);
        }
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
        Thread holder = use.holder;
        long since = use.since();
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
            Thread holder = use == null ? null : use.holder;
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
