// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The probes of a test run: as {@link Probe}, and each access is compared with the last ones to the same place. Two that
 * conflict, and that nothing in this run has ordered, are a predicted race.
 *
 * <p>An object whose making is not ordered before an access came to that thread by a race on some other place, which is told
 * there; what was done to it before it was handed over is not told again, and is in order where a final field leads to it.
 */
public final class Predict {
    /** Places remembered of one object: fields, or elements of an array. */
    private static final int SPOTS_OF_AN_OBJECT = 4_096;

    private static final int PAIRS = 4_096;
    private static final int REACH = 8;
    private static final int TOLD_OF_A_PAIR = 3;

    static final AtomicLong RACES = new AtomicLong();
    /** Pairs of sites, each with how often it was told in the last eight bits. */
    private static final AtomicLongArray TOLD = new AtomicLongArray(PAIRS);

    private Predict() {}

    public static void field(@Nullable Object receiver, String label, int use) {
        Probe.field(receiver, label, use);
        if (HappensBefore.judges() && receiver != null) {
            pass(receiver, label, 0, label, use);
        }
    }

    /** The class is initialised here, as the access would do: only then its initialiser is ordered before the access. */
    public static void staticField(Class<?> owner, String label, int use) {
        Probe.staticField(owner, label, use);
        if (HappensBefore.judges()) {
            Class<?> declaring = Trap.declaring(owner, label);
            if (Trap.initialised(declaring)) {
                Order.used(owner);
                pass(declaring, label, 0, label, use);
            }
        }
    }

    public static void element(@Nullable Object array, int index, int use) {
        Probe.element(array, index, use);
        if (HappensBefore.judges() && array != null) {
            pass(array, null, index, null, use);
        }
    }

    public static void call(@Nullable Object receiver, String method, int use) {
        Probe.call(receiver, method, use);
        if (HappensBefore.judges() && receiver != null) {
            call(receiver, UnsafeTypes.of(receiver.getClass(), method), method, use);
        }
    }

    public static void superCall(@Nullable Object receiver, String method, int use) {
        Probe.superCall(receiver, method, use);
        if (HappensBefore.judges() && receiver != null) {
            call(receiver, UnsafeTypes.inherited(receiver.getClass()), method, use);
        }
    }

    public static void argument(@Nullable Object receiver, @Nullable Object argument, String method, int use) {
        Probe.argument(receiver, argument, method, use);
        boolean bare = receiver == null || !UnsafeTypes.locksItself(receiver.getClass());
        if (HappensBefore.judges() && argument != null && bare) {
            call(argument, UnsafeTypes.exactly(argument.getClass()), method, use);
        }
    }

    /** A call that takes a lock by itself is left out: the order comes with the lock, after this. */
    private static void call(Object receiver, UnsafeTypes.@Nullable Type type, String method, int use) {
        if (type == null || type.guard(receiver) != null) {
            return;
        }
        if (Use.has(use, Use.STEPS)) {
            pass(receiver, "call", 0, method, use | Use.WRITES);
        }
        Object container = type.container(receiver);
        if (container != null) {
            if (container != receiver) {
                inherit(receiver, container);
            }
            pass(container, "call", 0, method, type.use(receiver, method, use));
        }
    }

    public static void unshared(@Nullable Object receiver, String method, int use) {
        Probe.unshared(receiver, method, use);
        if (HappensBefore.judges() && receiver != null) {
            pass(receiver, "call", 0, method, use);
        }
    }

    private static void inherit(Object receiver, Object container) {
        try {
            Shadow from = Shadows.find(receiver);
            Shadow to = from == null || from.maker == null ? null : Shadows.wanted(container);
            if (from != null && to != null) {
                to.madeAs(from);
            }
        } catch (Throwable fault) { // a boundary: the call goes on
            HappensBefore.failed = true;
        }
    }

    /**
     * Compares and remembers one access.
     *
     * @param label of the place; null for an element
     * @param shown what the access is called in a finding
     */
    private static void pass(Object target, @Nullable String label, int index, @Nullable String shown, int use) {
        try {
            Strand me = Strands.current();
            Shadow shadow = me.number == Strand.UNNUMBERED ? null : Shadows.wanted(target);
            if (shadow == null) {
                return;
            }
            Spot.Note now = null;
            Spot.Note before = null;
            synchronized (shadow) {
                Spot spot = shadow.spot(label, index, SPOTS_OF_AN_OBJECT);
                if (spot != null && !spot.isKnown(me, Use.has(use, Use.WRITES))) {
                    // a setter is reached from many places: once threads meet here, each has its own stack taken
                    Strand.Path path = me.path(Use.site(use), shown, spot.isShared(me));
                    now = new Spot.Note(me, me.epoch, use, shown, path);
                    before = spot.pass(now);
                }
            }
            if (now != null && before != null && isShared(shadow, target, label, me)) {
                tell(target, label, index, before, now);
            }
        } catch (Throwable fault) { // a boundary: the access goes on
            HappensBefore.failed = true;
        }
    }

    /** Whether the thread did not come to the object by a race. */
    private static boolean isShared(Shadow shadow, Object target, @Nullable String label, Strand me) {
        if (target instanceof Class && label != null) {
            return true;
        }
        return shadow.maker == null ? HappensBefore.late && !Shadows.full : shadow.isMadeBefore(me);
    }

    private static void tell(Object target, @Nullable String label, int index, Spot.Note before, Spot.Note now) {
        Thread first = before.strand().thread;
        if (first == null || !due(Use.site(before.use()), Use.site(now.use()))) {
            return;
        }
        RACES.getAndIncrement();
        Thread me = Thread.currentThread();
        Traps.offer(new Caught(
                true,
                target,
                target(target, label),
                "call".equals(label) ? before.label() : label,
                now.label(),
                index,
                first,
                before.use(),
                before.path(),
                before.path().locks,
                me,
                now.use(),
                new Throwable(),
                HeldLocks.names(me)));
    }

    private static String target(Object target, @Nullable String label) {
        if (label == null) {
            return "array";
        }
        if (label.equals("call")) {
            return "call";
        }
        return target instanceof Class && label.startsWith(((Class<?>) target).getName()) ? "static" : "field";
    }

    /** A few times for each pair of sites, of so many pairs as there is room for. */
    private static boolean due(int one, int other) {
        long pair = (long) Math.min(one, other) * Use.SITES + Math.max(one, other) + 1;
        int home = (int) (pair * 0x9E37_79B9_7F4A_7C15L >>> 40);
        for (int i = 0; i < REACH; i++) {
            int slot = (home + i) & (PAIRS - 1);
            long known = TOLD.get(slot);
            if (known == 0 && TOLD.compareAndSet(slot, 0, pair << 8 | 1)) {
                return true;
            }
            known = TOLD.get(slot);
            if (known >>> 8 == pair) {
                return (known & 0xff) < TOLD_OF_A_PAIR && TOLD.compareAndSet(slot, known, known + 1);
            }
        }
        return false;
    }

    static void rehearse(Object target, Spot.Note note) {
        HappensBefore.failed = false; // linked here, as the handlers need it
        tell(target, note.label(), 0, note, note);
    }

    static void reset() {
        RACES.set(0);
        for (int i = 0; i < PAIRS; i++) {
            TOLD.set(i, 0);
        }
    }
}
