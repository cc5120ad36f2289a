// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waits that the JDK itself reports: monitors always, parks where our hooks counted nothing.
 *
 * <p>JFR tells monitors apart by the address of the JVM's ObjectMonitor (objectMonitor.cpp, 17 and 25: "unique enough"). It
 * stays while the monitor is in use; later another object may get it, so the class is part of the identity. The address of
 * a park is that of the blocker itself, which a collection may move: one lock may then count as two.
 */
final class JdkWaits {
    private static final int LOCKS = 1 << 15;

    private final Cache<Long, LockRef> locks = new Cache<>(new HashMap<>(), LOCKS);
    /** By identity: the interner hands out one object per stack. */
    private final Cache<Stack, Boolean> joins = new Cache<>(new IdentityHashMap<>(), LOCKS);

    Map<String, EventReader.Reading> readings() {
        return Map.of(
                "jdk.JavaMonitorEnter", this::monitorEnter,
                "jdk.JavaMonitorWait", this::monitorWait,
                "jdk.ThreadPark", this::park);
    }

    private Fact monitorEnter(EventFields event) {
        String className = event.className("monitorClass");
        ThreadRef owner = event.thread("previousOwner");
        return new Fact.WaitEnded(
                event.end(),
                event.took(),
                WaitKind.MONITOR,
                lock(event, className),
                event.own(),
                owner,
                owner,
                event.stack(),
                1,
                true,
                true);
    }

    private Fact monitorWait(EventFields event) {
        String className = event.className("monitorClass");
        Stack stack = event.stack();
        if (className.equals("[I") && !ParkKind.calls(stack, "java.lang.Object", "wait")) {
            return classInit(event, stack);
        }
        boolean join = className.equals("java.lang.Thread") || joins.of(stack, JdkWaits::join);
        return new Fact.WaitEnded(
                event.end(),
                event.took(),
                join ? WaitKind.JOIN : WaitKind.OBJECT_WAIT,
                lock(event, className),
                event.own(),
                null,
                event.thread("notifier"),
                stack,
                1,
                true,
                !event.truth("timedOut", false));
    }

    /** While one thread initialises a class, the JVM lets others wait on an int[] of its own (17 and 25); who wakes them held it. */
    private Fact classInit(EventFields event, Stack stack) {
        ThreadRef initialiser = event.thread("notifier");
        return new Fact.WaitEnded(
                event.end(),
                event.took(),
                WaitKind.CLASS_INIT,
                lock(event, "java.lang.Class"),
                event.own(),
                initialiser,
                initialiser,
                stack,
                1,
                true,
                true);
    }

    private @Nullable Fact park(EventFields event) {
        String blocker = event.className("parkedClass");
        Stack stack = event.stack();
        if (ParkKind.idle(blocker, stack)) {
            return null;
        }
        Duration took = event.took();
        String className = ClassNames.lock(blocker);
        return new Fact.WaitEnded(
                event.end(),
                took,
                ParkKind.of(blocker, stack),
                lock(event, className),
                event.own(),
                null,
                null,
                stack,
                1,
                true,
                granted(event, took));
    }

    /** A park says how long it was to last at most, not whether it did; in 17 a timeout is 0, later the least long, if none. */
    private static boolean granted(EventFields event, Duration took) {
        Duration timeout = event.span("timeout");
        return timeout.isZero() || took.compareTo(timeout) < 0;
    }

    private static boolean join(Stack stack) {
        return ParkKind.calls(stack, "java.lang.Thread", "join");
    }

    private LockRef lock(EventFields event, String className) {
        long address = event.number("address", 0);
        if (address == 0) {
            return new LockRef(className, LockRef.UNKNOWN_IDENTITY);
        }
        LockRef known = locks.of(mixed(address, className), mixed -> new LockRef(className, identity(mixed)));
        return known.className().equals(className) ? known : new LockRef(className, known.identity());
    }

    /** The identity of an object by its address, while it is not moved. */
    static String identity(long address, String className) {
        return identity(mixed(address, className));
    }

    /** Twelve digits that do not give the address away. */
    private static String identity(long mixed) {
        return Long.toHexString((mixed >>> 16) | (1L << 47));
    }

    /** The finaliser of MurmurHash3 (Appleby, public domain): every bit of the input moves half of the output's. */
    private static long mixed(long address, String className) {
        long mixed = address + 31L * className.hashCode();
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
