// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of the hooks: what it calls to install, switch and read them.
 *
 * <p>In this order:
 *
 * <ol>
 *   <li>Define every class of this module and of {@code io.lockjam.event} into the boot loader; without JFR leave out the
 *       events and the classes whose name begins with {@code Jfr}.
 *   <li>Let {@code java.base} read this class's module and open {@code java.lang}, {@code java.util}, {@code java.util.concurrent} and
 *       {@code java.util.concurrent.locks} to it.
 *   <li>{@link #install}, then {@link #cpuClock}, {@link #ignore}, {@link #wake} and {@link #budgets} as wanted.
 *   <li>{@link #preload}: from here on no hook is the first to use a class.
 *   <li>Retransform the JDK classes, then {@link #enable}.
 *   <li>Once a second {@link #flush} and {@link #status}, a few times a second {@link #tick}; whenever woken,
 *       {@link OwnerProbe#poll}.
 *   <li>To leave: {@code enable(false)}, restore the classes, {@link #clear}. To come again: from {@code cpuClock} on.
 * </ol>
 *
 * <p>Flush, tick, status and clear belong to one thread at a time.
 */
public final class Hooks {
    private static final long A_SECOND = 1_000_000_000L;
    private static final AtomicLong SEEN = new AtomicLong();
    private static volatile long reportedSeen;
    private static volatile long reportedDropped;

    private Hooks() {}

    /** Reaches into java.util.concurrent; returns the fields that this JVM keeps from us, separated by blanks. */
    public static String install() {
        QueueAccess.depth("");
        WorkerPoolReader.JDK.reachable();
        return Access.missing();
    }

    /** A handle of type {@code ()long} that returns the CPU nanoseconds of the current thread; null for none. */
    public static void cpuClock(@Nullable MethodHandle clock) {
        TaskClock.cpuClock(clock);
    }

    /** Leaves the waits of one of our own threads out; 16 at most, ended ones make room. */
    public static void ignore(Thread own) {
        Switches.addOwn(own);
    }

    /** The thread to unpark when there is something to {@link OwnerProbe#poll}; null for none. */
    public static void wake(@Nullable Thread agent) {
        OwnerProbe.wake(agent);
    }

    /** What to make of the names of pools before they leave; null to leave them as they are. */
    public static void redaction(@Nullable UnaryOperator<String> redaction) {
        PoolView.redaction(redaction);
    }

    /**
     * Bounds what costs most.
     *
     * @param events single waits and tasks committed with their stacks in a second
     * @param owners owners offered to {@link OwnerProbe#poll} in a second
     */
    public static void budgets(int events, int owners) {
        WaitHooks.LIMITER.budget(events);
        OwnerProbe.budget(owners);
    }

    /** Switches the hooks; they stay off once they have failed too often. */
    public static void enable(boolean on) {
        Switches.enabled = on && !Switches.broken();
        if (!on) {
            OwnerProbe.clear();
            SlotHooks.USES.clear(); // what is given back from now on is not seen
            LoopHooks.clear();
        }
    }

    public static boolean enabled() {
        return Switches.enabled;
    }

    /** Whether the hooks have failed so often that they stay off until {@link #clear}. */
    public static boolean broken() {
        return Switches.broken();
    }

    /** Waits that ended since the attach, up to this moment. */
    public static long waitsSeen() {
        long seen = SEEN.get();
        for (int slot = 0; slot < LockTable.SLOTS; slot++) {
            LockStat stat = WaitHooks.LOCKS.at(slot);
            seen += stat == null ? 0 : stat.waits.count();
        }
        for (LockStat stat : WaitHooks.BY_CLASS) {
            seen += stat.waits.count();
        }
        return seen;
    }

    /** Whether a wait for a lock of our own was seen from its begin to its grant. */
    public static boolean sawGrant(Object synchroniser) {
        LockStat stat = WaitHooks.LOCKS.peek(synchroniser, Kind.EXCLUSIVE);
        return stat != null && stat.grantedAt != 0;
    }

    /** Takes a synchroniser of our own out of the table, so that no report has it. */
    public static void forget(Object synchroniser) {
        LockStat stat = WaitHooks.LOCKS.peek(synchroniser, Kind.EXCLUSIVE);
        if (stat != null) {
            WaitHooks.LOCKS.remove(stat);
        }
    }

    /** Parks begun by our own threads; moves with each while {@code LockSupport} has its hooks. */
    public static long ownParks() {
        return Switches.OWN_PARKS.get();
    }

    /** Acquires begun by our own threads. */
    public static long ownAcquires() {
        return Switches.OWN_ACQUIRES.get();
    }

    /** Hand-offs and phaser waits begun by our own threads. */
    public static long ownTransfers() {
        return Switches.OWN_TRANSFERS.get();
    }

    /** Hands the totals since the last flush to the sink and begins a new interval. */
    public static void flush(long intervalNanos, Sink sink) {
        tick();
        Sums all = new Totals(WaitHooks.LOCKS, WaitHooks.BY_CLASS, intervalNanos, sink).flush();
        SEEN.getAndAdd(all.count);
        WaitHooks.LIMITER.refill(intervalNanos, all);
        OwnerProbe.refill(intervalNanos);
        Wakers.clear();
        Reentry.free();
        PoolHooks.POOLS.flush(intervalNanos, sink);
    }

    /** Samples how many threads of each pool are busy. */
    public static void tick() {
        PoolHooks.POOLS.sample();
    }

    /** What happened since the last call. */
    public static Status status() {
        long seen = SEEN.get();
        long dropped = WaitHooks.LOCKS.dropped.get();
        Status status = new Status(
                seen - reportedSeen,
                Switches.SAMPLED.getAndSet(0),
                dropped - reportedDropped,
                Switches.faults(),
                Switches.HOOK_NANOS.getAndSet(0));
        reportedSeen = seen;
        reportedDropped = dropped;
        return status;
    }

    /** Forgets every lock, pool and thread, and all faults. Call with the hooks off. */
    public static void clear() {
        Switches.events = false;
        forget();
        OwnerProbe.wake(null);
        TaskClock.cpuClock(null);
        PoolView.redaction(null);
        Switches.clearOwn();
        Switches.clearFaults();
        SEEN.set(0);
        status();
    }

    /**
     * Runs every path on objects of our own, so that nothing is loaded or linked first inside a hook; then forgets them.
     *
     * @param events whether JFR is there and single events are to be committed from now on
     */
    public static void preload(boolean events) {
        boolean on = Switches.enabled;
        int exempt = Switches.exemptNobody();
        Switches.events = false;
        Switches.enabled = true;
        try {
            Rehearsal.run();
            flush(1, Rehearsal.SINK);
            if (events) {
                JfrWaits.preload();
                JfrLoops.preload();
            }
        } finally {
            Switches.enabled = on;
            Switches.exempt(exempt);
            forget();
            SEEN.set(0);
            status();
        }
        WaitHooks.LIMITER.begin();
        OwnerProbe.refill(A_SECOND);
        Switches.events = events;
    }

    /**
     * The text, with white space at its end if need be, so that whoever tails the repository reads it.
     *
     * <p>JFR keeps texts in a pool, and who tails a repository reads null for those whose pool entry is not written out yet (seen on 17,
     * 21 and 25). The pool takes texts of 16 to 128 characters from their second use on. Longer ones it left alone at first; since
     * JDK-8338389 (24, and updates of 21) it takes them at once, of which the first use is read and the next ones are null. Blanks and
     * tabs make each unique.
     */
    public static String unpooled(String text) {
        return Texts.unique(text);
    }

    private static void forget() {
        PoolHooks.POOLS.clear();
        WaitHooks.LOCKS.clear();
        for (LockStat stat : WaitHooks.BY_CLASS) {
            stat.waits.drain(new Sums());
        }
        OwnerProbe.clear();
        Wakers.clear();
        Reentry.clear();
        LoopHooks.clear();
    }
}
