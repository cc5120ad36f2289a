// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * The order of the threads of a test run, as {@link Order} tells it.
 *
 * <p>Follows happens-before (JLS 17.4.5) with more order than there is, never less: a release is noted before it can be
 * seen, an acquire after it has happened, and clocks of objects only grow. Code that is not woven is one of two things. Calls
 * on the classes listed in {@link CallKind} order by the object called. Every other call counts as one that lets all know
 * what this thread did, and that hears of all that any thread has let go by then; so does an exception, whichever way it
 * came. {@code COMMON} is what calls of that sort have let go; every acquire hears it.
 */
final class HappensBefore {
    private static final Clock COMMON = new Clock();

    private static volatile boolean on;
    private static volatile boolean judges;
    /** Whether objects whose making was not seen may be older than the run. */
    static volatile boolean late;
    /** Grows with {@code COMMON}. */
    private static volatile long version;

    /** Set where nothing can be called any more: what was thrown may be a StackOverflowError. */
    static volatile boolean failed;

    private static volatile @Nullable String stopped;
    private static boolean counted; // of the agent's thread

    private HappensBefore() {}

    /**
     * What the outermost woven frame of a call from outside remembers until its end.
     *
     * @param within the call out of woven code that has called back; null if nobody in woven code has called
     */
    record Entry(@Nullable Crossing within, Roots.Root root) {}

    static void start(String[] patterns, boolean attachedLate) {
        CallKind.weave(patterns);
        late = attachedLate;
        stopped = null;
        failed = false;
        counted = false;
        on = true;
    }

    /** Whether the order is followed. */
    static boolean on() {
        return on && !failed;
    }

    /** Whether accesses are judged: not before all methods that ran unwoven have returned. */
    static boolean judges() {
        return judges && !failed;
    }

    /** Nothing is predicted from now on, since some order may be missed. What was told before holds. */
    static void stop(String why) {
        judges = false;
        if (stopped == null) {
            stopped = why;
        }
    }

    /** Why nothing is predicted any more; null if something is. */
    static @Nullable String stopped() {
        return stopped == null && failed ? "a fault of ours" : stopped;
    }

    /** Counts a fault that was only noted where it came up; of the agent's thread. */
    static void countFault() {
        if (failed && !counted) {
            counted = true;
            Switches.fault();
        }
    }

    /** Judges accesses that are made from now on. */
    static void judge() {
        if (stopped() == null && on && !judges) {
            Shadows.forgetSpots();
            judges = true;
        }
    }

    static void end() {
        judges = false;
        on = false;
        synchronized (COMMON) {
            COMMON.clear();
        }
        Strands.clear();
        Shadows.clear();
    }

    static @Nullable Object enter() {
        Strand me = Strands.current();
        return me.inside ? null : entered(me);
    }

    static @Nullable Object enter(Class<?> owner) {
        Strand me = Strands.current();
        Object entry = me.inside ? null : entered(me);
        acquireInitialised(me, owner);
        return entry;
    }

    private static Entry entered(Strand me) {
        Crossing within = me.pending;
        me.pending = null;
        me.inside = true;
        if (within != null) {
            within.acquire(me);
            return new Entry(within, Roots.OTHER);
        }
        Roots.Root root = Roots.find();
        if (!heardOfBegin(me, root)) {
            Strands.heardOfAll(me);
        }
        return new Entry(null, root);
    }

    /** Whether woven code has begun this, and nothing else can have come between: then what it did before is all. */
    private static boolean heardOfBegin(Strand me, Roots.Root root) {
        Object key = root.way() == Roots.Way.THREAD ? Thread.currentThread() : root.task();
        Shadow shadow = key == null || root.way() == Roots.Way.OTHER ? null : Shadows.find(key);
        if (shadow == null) {
            return false;
        }
        Clock begun = shadow.begun;
        if (root.way() == Roots.Way.THREAD && begun != null) {
            me.clock.join(begun);
            hearCommon(me);
            return true;
        }
        boolean handed = root.way() == Roots.Way.TASK && shadow.handed && !shadow.escaped;
        if (handed) {
            acquireFrom(me, shadow);
        }
        return handed;
    }

    static void exit(Entry entry) {
        Strand me = Strands.current();
        Crossing within = entry.within();
        if (within != null) {
            within.releaseAgain(me);
        } else if (entry.root().way() == Roots.Way.TASK) {
            me.publish();
        } else if (entry.root().way() == Roots.Way.OTHER) {
            releaseCommon(me);
        }
        me.inside = false;
        me.pending = within;
    }

    static void thrown() {
        releaseCommon(Strands.current());
    }

    static void caught() {
        Strand me = Strands.current();
        me.inside = true;
        me.pending = null;
        Strands.heardOfAll(me);
    }

    static void acquire(Object object) {
        acquireFrom(Strands.current(), object);
    }

    static void release(Object object) {
        releaseInto(Strands.current(), object);
    }

    static void release() {
        releaseCommon(Strands.current());
    }

    /** All that this thread has done is before whatever the class or thread is used for. */
    static void begin(Object classOrThread) {
        Strand me = Strands.current();
        Clock clock = new Clock();
        me.releaseInto(clock);
        Shadows.needed(classOrThread).begun = clock;
        me.publish();
    }

    static void used(Class<?> type) {
        acquireInitialised(Strands.current(), type);
    }

    static void made(Object object) {
        Shadow shadow = Shadows.wanted(object);
        if (shadow != null) {
            shadow.made(Strands.current());
        }
        if (object instanceof Object[] parts) {
            for (Object part : parts) {
                if (part != null && part.getClass().isArray()) {
                    made(part);
                }
            }
        }
    }

    static @Nullable Crossing leave(Object receiver) {
        CallKind kind = CallKind.of(receiver);
        return kind == CallKind.PLAIN ? null : new Crossing(kind, receiver);
    }

    static @Nullable Crossing with(@Nullable Crossing call, Object argument) {
        Crossing at = call;
        if (at == null && Crossing.matters(argument)) {
            at = new Crossing(CallKind.UNKNOWN, null);
        }
        if (at != null) {
            at.add(argument);
        }
        return at;
    }

    static void go(Crossing call) {
        Strand me = Strands.current();
        call.release(me);
        me.inside = false;
        me.pending = call;
    }

    static void back(Crossing call) {
        Strand me = Strands.current();
        me.inside = true;
        me.pending = null;
        call.acquire(me);
    }

    static void backStart(Crossing call) {
        if (call.kind() == CallKind.THREAD || call.kind() == CallKind.TASKS) {
            Strand me = Strands.current();
            me.inside = true;
            me.pending = null;
        } else {
            back(call);
        }
    }

    static void releaseInto(Strand me, Object key) {
        Shadow shadow = Shadows.needed(key);
        synchronized (shadow) {
            me.releaseInto(shadow.sync);
        }
        me.publish();
    }

    static void acquireFrom(Strand me, Object key) {
        Shadow shadow = Shadows.find(key);
        if (shadow == null) {
            hearCommon(me);
        } else {
            acquireFrom(me, shadow);
        }
    }

    private static void acquireFrom(Strand me, Shadow shadow) {
        synchronized (shadow) {
            me.clock.join(shadow.sync);
        }
        hearCommon(me);
    }

    /** Hears of all that a thread did, if it has ended. */
    static void acquireThread(Strand me, Thread thread) {
        acquireFrom(me, thread);
        Strand other = Strands.known(thread);
        if (other != null && other != me && !thread.isAlive()) {
            me.clock.join(other.clock);
            if (other.number != Strand.UNNUMBERED) {
                me.clock.raise(other, other.epoch);
                other.released = other.epoch; // whoever hears of this thread may hear of that one, too
            }
        }
    }

    static void releaseCommon(Strand me) {
        synchronized (COMMON) {
            me.releaseInto(COMMON);
            version++;
        }
        me.publish();
    }

    static void acquireInitialised(Strand me, Class<?> type) {
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            Shadow shadow = Shadows.find(at);
            Clock clock = shadow == null ? null : shadow.begun;
            if (clock != null) {
                me.clock.join(clock);
            }
        }
    }

    private static void hearCommon(Strand me) {
        if (me.commonSeen != version) {
            synchronized (COMMON) {
                me.clock.join(COMMON);
                me.commonSeen = version;
            }
        }
    }
}
