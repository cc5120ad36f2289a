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
import jdk.jfr.consumer.RecordedEvent;
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

    private final Interner interner;
    private final Cache<Long, LockRef> locks = new Cache<>(new HashMap<>(), LOCKS);
    /** By identity: the interner hands out one object per stack. */
    private final Cache<Stack, Boolean> joins = new Cache<>(new IdentityHashMap<>(), LOCKS);

    JdkWaits(Interner interner) {
        this.interner = interner;
    }

    Map<String, EventReader.Reading> readings() {
        return Map.of(
                "jdk.JavaMonitorEnter", this::monitorEnter,
                "jdk.JavaMonitorWait", this::monitorWait,
                "jdk.ThreadPark", this::park);
    }

    private Fact monitorEnter(RecordedEvent event) {
        String className = interner.className(Fields.type(event, "monitorClass"));
        ThreadRef owner = interner.optionalThread(Fields.thread(event, "previousOwner"));
        return new Fact.WaitEnded(
                event.getEndTime(),
                Fields.took(event),
                WaitKind.MONITOR,
                lock(event, className),
                interner.thread(event.getThread()),
                owner,
                owner,
                interner.stack(event.getStackTrace()),
                1,
                true,
                true);
    }

    private Fact monitorWait(RecordedEvent event) {
        String className = interner.className(Fields.type(event, "monitorClass"));
        Stack stack = interner.stack(event.getStackTrace());
        if (className.equals("[I") && !ParkKind.calls(stack, "java.lang.Object", "wait")) {
            return classInit(event, stack);
        }
        boolean join = className.equals("java.lang.Thread") || joins.of(stack, JdkWaits::join);
        return new Fact.WaitEnded(
                event.getEndTime(),
                Fields.took(event),
                join ? WaitKind.JOIN : WaitKind.OBJECT_WAIT,
                lock(event, className),
                interner.thread(event.getThread()),
                null,
                interner.optionalThread(Fields.thread(event, "notifier")),
                stack,
                1,
                true,
                !Fields.truth(event, "timedOut", false));
    }

    /** While one thread initialises a class, the JVM lets others wait on an int[] of its own (17 and 25); who wakes them held it. */
    private Fact classInit(RecordedEvent event, Stack stack) {
        ThreadRef initialiser = interner.optionalThread(Fields.thread(event, "notifier"));
        return new Fact.WaitEnded(
                event.getEndTime(),
                Fields.took(event),
                WaitKind.CLASS_INIT,
                lock(event, "java.lang.Class"),
                interner.thread(event.getThread()),
                initialiser,
                initialiser,
                stack,
                1,
                true,
                true);
    }

    private @Nullable Fact park(RecordedEvent event) {
        String blocker = interner.className(Fields.type(event, "parkedClass"));
        Stack stack = interner.stack(event.getStackTrace());
        if (ParkKind.idle(blocker, stack)) {
            return null;
        }
        Duration took = Fields.took(event);
        String className = ClassNames.lock(blocker);
        return new Fact.WaitEnded(
                event.getEndTime(),
                took,
                ParkKind.of(blocker, stack),
                lock(event, className),
                interner.thread(event.getThread()),
                null,
                null,
                stack,
                1,
                true,
                granted(event, took));
    }

    /** A park says how long it was to last at most, not whether it did; in 17 a timeout is 0, later the least long, if none. */
    private static boolean granted(RecordedEvent event, Duration took) {
        Duration timeout = Fields.span(event, "timeout");
        return timeout.isZero() || took.compareTo(timeout) < 0;
    }

    private static boolean join(Stack stack) {
        return ParkKind.calls(stack, "java.lang.Thread", "join");
    }

    private LockRef lock(RecordedEvent event, String className) {
        long address = Fields.number(event, "address", 0);
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
