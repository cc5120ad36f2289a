// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into one pool of slots, as its library's row in the table says. */
final class SlotReader extends PoolReader {
    private static final StackTraceElement[] NO_FRAMES = {};
    /** Not as a subclass may have it. */
    private static final @Nullable MethodHandle STACK =
            Access.nonVirtual(Thread.class, "getStackTrace", StackTraceElement[].class);

    private final FieldExpression known;
    private final FieldExpression name;
    private final FieldExpression size;
    private final FieldExpression max;
    private final FieldExpression inUse;

    private final String type;
    private final List<String> borrow;

    SlotReader(SlotLibrary library) {
        type = library.type();
        borrow = library.borrow();
        known = new FieldExpression(library.pool());
        name = new FieldExpression(library.name());
        size = new FieldExpression(library.size());
        max = new FieldExpression(library.max());
        inUse = new FieldExpression(library.inUse());
    }

    @Override
    PoolView.Look look(Object pool, PoolStat stat) throws Throwable {
        int lent = (int) Math.max(0, inUse.number(pool));
        int there = (int) size.number(pool);
        long most = max.number(pool);
        return new PoolView.Look(
                Math.max(there, lent),
                -1,
                most <= 0 ? Integer.MAX_VALUE : (int) most,
                there < 0 ? SlotHooks.USES.lent(stat) : lent, // out of reach: those lent since we came
                Math.max(0, stat.waiting.get()),
                -1,
                0,
                name(pool));
    }

    private @Nullable String name(Object pool) throws Throwable {
        return name.object(pool) instanceof String text ? text : null;
    }

    /** Slots out whose holders wait for another slot; 0 unless all were seen to be taken, and are held by such threads. */
    int holdersWaiting(PoolStat stat) {
        List<Thread> holders = SlotHooks.USES.holders(stat);
        for (Thread holder : holders) {
            if (!borrows(stack(holder))) {
                return 0;
            }
        }
        return holders.size();
    }

    private static StackTraceElement[] stack(Thread thread) {
        try {
            return STACK == null ? NO_FRAMES : (StackTraceElement[]) Access.object(STACK, thread);
        } catch (Throwable unreadable) {
            Switches.fault();
            return NO_FRAMES;
        }
    }

    private boolean borrows(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            for (String method : borrow) {
                if (method.startsWith(frame.getMethodName())
                        && method.charAt(frame.getMethodName().length()) == '('
                        && frame.getClassName().equals(type)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    String type() {
        return "slots";
    }

    @Override
    String className(Object pool) throws Throwable {
        Object outer = known.object(pool);
        return (outer == null ? pool : outer).getClass().getName();
    }
}
