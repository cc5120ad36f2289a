// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call from woven code to code that is not woven, while it is under way, and how it may order threads. */
public final class Crossing {
    private static final int FEW = 4;

    private CallKind kind;
    /** What it is called on; null for a static method or a constructor. */
    private final @Nullable Object receiver;

    private @Nullable Object[] arguments = new Object[FEW];
    private int count;

    Crossing(CallKind kind, @Nullable Object receiver) {
        this.kind = kind;
        this.receiver = receiver;
    }

    CallKind kind() {
        return kind;
    }

    /** Whether a call that orders nothing by itself does so by what it is given: it runs through it, or calls it. */
    static boolean matters(Object argument) {
        boolean used = argument instanceof Iterable || argument instanceof Map || argument instanceof Iterator;
        return switch (CallKind.of(argument)) {
            case PLAIN, THREAD, TASKS -> false;
            case OWN_CLOCK, CLASS_CLOCK, ARGUMENTS -> used;
            case UNKNOWN -> used || isFunction(argument);
        };
    }

    void add(Object argument) {
        if (count == arguments.length) {
            @Nullable Object[] more = new Object[count * 2];
            System.arraycopy(arguments, 0, more, 0, count);
            arguments = more;
        }
        arguments[count++] = argument;
    }

    /** Before the call, when all arguments are known. */
    void release(Strand me) {
        settle();
        switch (kind) {
            case PLAIN -> {}
            case OWN_CLOCK, CLASS_CLOCK, THREAD -> HappensBefore.releaseInto(me, key());
            case ARGUMENTS -> forEachKey(me, true);
            case TASKS -> {
                hand(me);
                me.publish();
            }
            case UNKNOWN -> {
                escape();
                HappensBefore.releaseCommon(me);
            }
        }
    }

    /** After the call, or within it, when it calls back. */
    void acquire(Strand me) {
        switch (kind) {
            case PLAIN -> {}
            case OWN_CLOCK, CLASS_CLOCK -> HappensBefore.acquireFrom(me, key());
            case ARGUMENTS -> forEachKey(me, false);
            case THREAD -> HappensBefore.acquireThread(me, (Thread) key());
            case TASKS, UNKNOWN -> Strands.heardOfAll(me);
        }
    }

    /** When woven code that the call has called back returns into it. */
    void releaseAgain(Strand me) {
        switch (kind) {
            case OWN_CLOCK, CLASS_CLOCK -> HappensBefore.releaseInto(me, key());
            default -> HappensBefore.releaseCommon(me);
        }
    }

    /** The one object that stands for all that the call may order by. */
    private Object key() {
        Object on = receiver == null ? this : receiver;
        return kind == CallKind.CLASS_CLOCK ? on.getClass() : Locks.identity(on);
    }

    /** Arguments can make more of a call than its receiver does. */
    private void settle() {
        boolean keyed = false;
        for (int i = 0; i < count; i++) {
            Object argument = arguments[i];
            if (argument == null) {
                continue;
            }
            keyed = true;
            boolean opaque =
                    argument instanceof Class || argument.getClass().getName().startsWith("java.nio.");
            if (kind == CallKind.ARGUMENTS ? opaque : kind != CallKind.UNKNOWN && matters(argument)) {
                kind = CallKind.UNKNOWN;
            }
        }
        if (kind == CallKind.ARGUMENTS && !keyed) {
            kind = CallKind.UNKNOWN; // a static field, by a handle of its own
        }
        Shadow own = receiver == null || kind != CallKind.OWN_CLOCK ? null : Shadows.find(receiver);
        if (own != null && own.escaped) {
            kind = CallKind.UNKNOWN;
        }
    }

    private void forEachKey(Strand me, boolean release) {
        for (int i = 0; i < count; i++) {
            Object key = arguments[i];
            if (key != null && release) {
                HappensBefore.releaseInto(me, key);
            } else if (key != null) {
                HappensBefore.acquireFrom(me, key);
            }
        }
    }

    /** Tasks are known again by their classes when they run. */
    private void hand(Strand me) {
        if (receiver != null && CallKind.isWoven(receiver.getClass().getName())) {
            handOver(me, receiver.getClass());
        }
        for (int i = 0; i < count; i++) {
            Object task = arguments[i];
            if (task != null && isFunction(task)) {
                handOver(me, task.getClass());
            }
        }
    }

    private static void handOver(Strand me, Class<?> task) {
        HappensBefore.releaseInto(me, task);
        Shadows.needed(task).handed = true;
    }

    /** What code that we do not see may use from now on no longer orders by its own methods alone. */
    private void escape() {
        if (receiver != null && CallKind.of(receiver) == CallKind.OWN_CLOCK) {
            Shadows.needed(receiver).escaped = true;
        }
        for (int i = 0; i < count; i++) {
            Object argument = arguments[i];
            if (argument != null) {
                escape(argument);
            }
        }
    }

    static void escape(Object argument) {
        if (CallKind.of(argument) == CallKind.OWN_CLOCK) {
            Shadows.needed(argument).escaped = true;
        } else if (isFunction(argument)) {
            Shadows.needed(argument.getClass()).escaped = true;
        }
    }

    private static boolean isFunction(Object argument) {
        return argument.getClass().isHidden()
                || argument instanceof Runnable
                || argument instanceof Callable
                || argument instanceof Comparator
                || argument instanceof Function
                || argument instanceof BiFunction
                || argument instanceof Consumer
                || argument instanceof Supplier
                || argument instanceof Predicate;
    }
}
