// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Looks into one pool of slots, as its library's row in the table says. */
final class SlotReader extends PoolReader {
    private final FieldExpression known;
    private final FieldExpression name;
    private final FieldExpression size;
    private final FieldExpression max;
    private final FieldExpression inUse;

    SlotReader(SlotLibrary library) {
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
                there < 0 ? Math.max(0, stat.lent.get()) : lent, // out of reach: those lent since we came
                Math.max(0, stat.waiting.get()),
                -1,
                0,
                name(pool));
    }

    private @Nullable String name(Object pool) throws Throwable {
        return name.object(pool) instanceof String text ? text : null;
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
