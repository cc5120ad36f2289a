// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are lent at this moment, by identity and weakly, in a fixed size.
 *
 * <p>Where all places of a slot's hash are taken its use is not timed; a slot that was dropped instead of being given
 * back goes with it.
 */
final class SlotUses {
    private static final int SLOTS = 4096;
    private static final int PROBES = 8;

    /** A look at a thread's stack stops all threads for a moment on JDK 17, and the first that gets on ends the search. */
    private static final int MOST_HOLDERS = 64;

    private final AtomicReferenceArray<@Nullable Use> table = new AtomicReferenceArray<>(SLOTS);

    /** A slot in use: who has it, since when, and, if sampled, where it was taken. */
    static final class Use extends WeakReference<Object> {
        final PoolStat pool;
        final Thread holder;
        final long since;
        final @Nullable Site site;

        Use(Object slot, PoolStat pool, Thread holder, long since, @Nullable Site site) {
            super(slot);
            this.pool = pool;
            this.holder = holder;
            this.since = since;
            this.site = site;
        }
    }

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

    void begin(Object slot, Use use) {
        int hash = hash(slot);
        for (int probe = 0; probe < PROBES; probe++) {
            int place = (hash + probe) & (SLOTS - 1);
            Use there = table.get(place);
            if ((there == null || there.refersTo(null) || there.refersTo(slot))
                    && table.compareAndSet(place, there, use)) {
                return;
            }
        }
    }

    /** The use that ends with this; null if it was not seen to begin. */
    @Nullable
    Use end(Object slot) {
        int hash = hash(slot);
        for (int probe = 0; probe < PROBES; probe++) {
            int place = (hash + probe) & (SLOTS - 1);
            Use there = table.get(place);
            if (there != null && there.refersTo(slot) && table.compareAndSet(place, there, null)) {
                return there;
            }
        }
        return null;
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
            } else if (use.pool.oldest == null || use.since - use.pool.oldest.since < 0) {
                use.pool.oldest = use;
            }
        }
    }

    /** The threads that have slots of a pool, at most as many as may be looked at in a second. */
    List<Thread> holders(PoolStat pool) {
        List<Thread> holders = new ArrayList<>();
        for (int place = 0; place < SLOTS && holders.size() < MOST_HOLDERS; place++) {
            Use use = table.get(place);
            if (use != null && use.pool == pool && !use.refersTo(null)) {
                holders.add(use.holder);
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
