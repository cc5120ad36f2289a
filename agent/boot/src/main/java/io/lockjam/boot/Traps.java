// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of the traps: arm, tick, fetch what was caught, disarm.
 *
 * <p>{@link #preload} once before the first class is woven, {@link #arm} when a window is woven, {@link #tick} about every 2
 * ms while it is armed, {@link #poll} and {@link #pollOrder} now and then, {@link #disarm} at the end. All of one thread.
 */
public final class Traps {
    /** All threads together may wait for a tenth of one core's time. */
    public static final int WAIT_MICROS_PER_SECOND = 100_000;

    private static final long TICK_NANOS = 1_000_000_000L / TrapBudget.TICKS_PER_SECOND;
    /** Made up for at once; what a JVM has slept through longer than that is lost. */
    private static final int MOST_TICKS = TrapBudget.TICKS_PER_SECOND / 5;

    /** Half a second: few locks are held for longer. */
    private static final int SETTLES = TrapBudget.TICKS_PER_SECOND / 2;

    private static final int RING = 64;
    private static final AtomicReferenceArray<@Nullable Caught> CAUGHT = new AtomicReferenceArray<>(RING);
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final AtomicLong DROPPED = new AtomicLong();
    private static volatile @Nullable Consumer<Caught> teller;
    private static volatile long tickedAt;

    private Traps() {}

    /**
     * Sums since the last {@link #disarm} or the first {@link #arm}.
     *
     * @param set traps that a thread waited in
     * @param hits conflicting accesses caught, also those of pairs already told in the same second
     * @param dropped caught but overwritten before they were fetched
     */
    public record Counts(long set, long hits, long waitedNanos, long dropped) {}

    /** The same in a program that has run before: its threads hold locks that nobody knows of. */
    public static void armLate() {
        if (Probe.armed == 0) {
            LockOrders.from(SETTLES);
        }
        arm();
    }

    /** Opens a window, or lets the open one go on. */
    public static void arm() {
        if (Probe.armed != 0) {
            Trap.hope(); // what threads hold stays known
            return;
        }
        Trap.reset();
        tickedAt = System.nanoTime();
        Trap.BUDGET.perSecond(WAIT_MICROS_PER_SECOND);
        HeldLocks.clear();
        LockProbe.armed = true;
        Probe.armed = 1;
    }

    /**
     * Lets time go on for schedules and budgets: by what has really passed, since a busy machine calls late. Does nothing once
     * the hooks have failed too often.
     */
    public static void tick() {
        long now = System.nanoTime();
        int ticks = (int) Math.min(MOST_TICKS, (now - tickedAt) / TICK_NANOS);
        tickedAt = ticks < MOST_TICKS ? tickedAt + ticks * TICK_NANOS : now;
        for (int i = 0; i < ticks; i++) {
            next();
        }
    }

    /** Two milliseconds have passed. */
    static void next() {
        int now = Probe.armed;
        if (now != 0) {
            Trap.BUDGET.tick();
            LockOrders.tick();
            UnsafeTypes.learn();
            Keys.learn();
            Stores.settle();
            HappensBefore.countFault();
            Switches.countFault();
            if (now % TrapBudget.TICKS_PER_SECOND == 0) {
                Trap.free();
            }
            if (Switches.broken()) {
                silence();
            } else {
                Probe.next(now);
            }
        }
    }

    /** Closes the window; returns its counts. Threads still in a trap leave it by themselves. */
    public static Counts disarm() {
        silence();
        LockOrders.from(0);
        UnsafeTypes.forget();
        Keys.forget();
        Stores.forget();
        return new Counts(
                Trap.SET.getAndSet(0), Trap.HITS.getAndSet(0), Trap.WAITED_NANOS.getAndSet(0), DROPPED.getAndSet(0));
    }

    /** Makes all probes do nothing; the counts stay. From any thread. */
    public static void silence() {
        Probe.armed = 0;
        LockProbe.armed = false;
        HeldLocks.clear();
    }

    public static boolean armed() {
        return Probe.armed != 0;
    }

    public static Counts counts() {
        return new Counts(Trap.SET.get(), Trap.HITS.get(), Trap.WAITED_NANOS.get(), DROPPED.get());
    }

    /** The oldest race not fetched yet; null if there is none. */
    public static @Nullable Caught poll() {
        int newest = NEXT.get();
        for (int i = 0; i < RING; i++) {
            int slot = (newest + i) & (RING - 1);
            if (CAUGHT.get(slot) != null) {
                return CAUGHT.getAndSet(slot, null);
            }
        }
        return null;
    }

    /** The oldest nesting not fetched yet, where they do not go into a recording by themselves; null if there is none. */
    public static @Nullable Nesting pollOrder() {
        return LockOrders.poll();
    }

    /** Forgets which nestings were told. */
    public static void forgetOrders() {
        LockOrders.clear();
    }

    /**
     * Runs every path once on objects of our own, so that no class is loaded in a probe.
     *
     * @param events whether nestings go into the recording from the thread that made them
     */
    public static void preload(boolean events) {
        TrapRehearsal.run();
        LockOrders.events(events && JfrOrders.preload());
    }

    /**
     * Has races told by the thread that found them, at once: a program that ends in the next moment tells them too.
     *
     * @param listener null to have them fetched by {@link #poll} again
     */
    public static void tell(@Nullable Consumer<Caught> listener) {
        teller = listener;
    }

    static void offer(Caught caught) {
        Consumer<Caught> listener = teller;
        if (listener != null) {
            listener.accept(caught);
        } else if (CAUGHT.getAndSet(NEXT.getAndIncrement() & (RING - 1), caught) != null) {
            DROPPED.getAndIncrement();
        }
    }

    static String target(Catch both) {
        if (both.label == null) {
            return "array";
        }
        if (both.label.indexOf(' ') < 0) {
            return "call";
        }
        return both.target instanceof Class && both.index == 0 && isStatic(both) ? "static" : "field";
    }

    /** Of two fields with one label one cannot be static and the other not. */
    private static boolean isStatic(Catch both) {
        String label = both.label;
        return label != null && label.startsWith(((Class<?>) both.target).getName());
    }
}
