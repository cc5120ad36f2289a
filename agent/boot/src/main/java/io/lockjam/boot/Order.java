// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * What woven code calls around everything that may order threads, in a test run that predicts races.
 *
 * <p>Follows happens-before (JLS 17.4.5) with more order than there is, never less: a release is noted before it can be
 * seen, an acquire after it has happened, and clocks of objects only grow. Code that is not woven is one of two things. Calls
 * on the classes listed in {@link CallKind} order by the object called. Every other call counts as one that lets all know
 * what this thread did, and that hears of all that any thread has let go by then; so does an exception, whichever way it
 * came. {@code COMMON} is what calls of that sort have let go; every acquire hears it.
 */
public final class Order {
    private static final Clock COMMON = new Clock();

    /** Whether the order is followed. */
    private static volatile boolean on;
    /** Whether accesses are judged: not before all methods that ran unwoven have returned. */
    static volatile boolean judges;
    /** Whether objects whose making was not seen may be older than the run. */
    static volatile boolean late;
    /** Grows with {@code COMMON}. */
    private static volatile long version;

    private static volatile @Nullable String stopped;

    private Order() {}

    /**
     * What the outermost woven frame of a call from outside remembers until its end.
     *
     * @param within the call out of woven code that has called back; null if nobody in woven code has called
     */
    private record Entry(@Nullable Crossing within, Roots.Root root) {}

    static void start(String[] patterns, boolean attachedLate) {
        CallKind.weave(patterns);
        late = attachedLate;
        stopped = null;
        on = true;
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
        return stopped;
    }

    /** Judges accesses that are made from now on. */
    static void judge() {
        if (stopped == null && on && !judges) {
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

    /** At the begin of a method; what it returns has to be given back at its end. */
    public static @Nullable Object enter() {
        if (!on) {
            return null;
        }
        Strand me = Strands.current();
        return me.inside ? null : entered(me);
    }

    /** At the begin of a static method, and of a constructor after that of its superclass. */
    public static @Nullable Object enter(Class<?> owner) {
        if (!on) {
            return null;
        }
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

    /** At the end of a method that returns. */
    public static void exit(@Nullable Object entry) {
        if (entry instanceof Entry known) {
            exited(Strands.current(), known);
        }
    }

    private static void exited(Strand me, Entry entry) {
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

    /** At the end of a method that throws: monitors that it leaves so are given back without more ado. */
    public static void thrown(@Nullable Object entry) {
        if (on) {
            Strand me = Strands.current();
            releaseCommon(me);
            exit(entry);
        }
    }

    /** Where an exception is caught: what threw it may have acquired anything. */
    public static void caught() {
        if (on) {
            Strand me = Strands.current();
            me.inside = true;
            me.pending = null;
            Strands.heardOfAll(me);
        }
    }

    /** After a monitor has been entered, or a volatile field of the object been read. */
    public static void acquire(@Nullable Object object) {
        if (on && object != null) {
            acquireFrom(Strands.current(), object);
        }
    }

    /** Before a monitor is left, or a volatile field of the object is written. */
    public static void release(@Nullable Object object) {
        if (on && object != null) {
            releaseInto(Strands.current(), object);
        }
    }

    /** Before a monitor is left that cannot be told. */
    public static void release() {
        if (on) {
            releaseCommon(Strands.current());
        }
    }

    /** At the end of a class initialiser. */
    public static void initialised(Class<?> type) {
        if (on) {
            begin(type);
        }
    }

    /** All that this thread has done is before whatever the class or thread is used for. */
    private static void begin(Object classOrThread) {
        Strand me = Strands.current();
        Clock clock = new Clock();
        me.releaseInto(clock);
        Shadows.needed(classOrThread).begun = clock;
        me.publish();
    }

    /** After a field of an initialised class has been read, or its class has been seen to be initialised. */
    public static void used(Class<?> type) {
        if (on) {
            acquireInitialised(Strands.current(), type);
        }
    }

    /** An object or array was made. */
    public static void made(@Nullable Object object) {
        if (on && object != null) {
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
    }

    /** A function was made whose body is not woven: a reference to somebody else's method. */
    public static void foreign(@Nullable Object function) {
        if (on && function != null) {
            CallKind.foreign(function.getClass());
        }
    }

    /** Before a call on an object; null if the call orders nothing. */
    public static @Nullable Crossing leave(@Nullable Object receiver) {
        if (!on || receiver == null) {
            return null;
        }
        CallKind kind = CallKind.of(receiver);
        return kind == CallKind.PLAIN ? null : new Crossing(kind, receiver);
    }

    /** Before Object.wait. */
    public static @Nullable Crossing leaveMonitor(@Nullable Object monitor) {
        return on && monitor != null ? new Crossing(CallKind.OWN_CLOCK, monitor) : null;
    }

    /** Before a call of a static method, or of a constructor, that may order anything. */
    public static @Nullable Crossing leave() {
        return on ? new Crossing(CallKind.UNKNOWN, null) : null;
    }

    /** Before a call of a static method that takes a task. */
    public static @Nullable Crossing leaveTask() {
        return on ? new Crossing(CallKind.TASKS, null) : null;
    }

    /** An argument of the call that is about to be made. */
    public static @Nullable Crossing with(@Nullable Crossing call, @Nullable Object argument) {
        Crossing at = call;
        if (on && argument != null) {
            if (at == null && Crossing.matters(argument)) {
                at = new Crossing(CallKind.UNKNOWN, null);
            }
            if (at != null) {
                at.add(argument);
            }
        }
        return at;
    }

    /** The call is made next. */
    public static void go(@Nullable Crossing call) {
        if (call != null) {
            Strand me = Strands.current();
            call.release(me);
            me.inside = false;
            me.pending = call;
        }
    }

    /** Thread.start is called next, if it is a thread. */
    public static void goStart(@Nullable Crossing call, @Nullable Object receiver) {
        if (call != null && receiver instanceof Thread) {
            begin(receiver);
        }
        go(call);
    }

    /** The call has returned. */
    public static void back(@Nullable Crossing call) {
        if (call != null) {
            Strand me = Strands.current();
            me.inside = true;
            me.pending = null;
            call.acquire(me);
        }
    }

    /** What begins a thread or a task has returned: it may have ended since, and is not ordered before what follows. */
    public static void backStart(@Nullable Crossing call) {
        if (call != null && (call.kind() == CallKind.THREAD || call.kind() == CallKind.TASKS)) {
            Strand me = Strands.current();
            me.inside = true;
            me.pending = null;
        } else {
            back(call);
        }
    }

    /** What a call has returned: others that called it may have it, too. */
    public static void result(@Nullable Crossing call, @Nullable Object result) {
        if (call != null && result != null) {
            Crossing.escape(result);
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
