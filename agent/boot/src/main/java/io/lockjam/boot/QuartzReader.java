// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Looks into the threads of Quartz 2, which are handed a job when its trigger is due and one of them is free. */
final class QuartzReader extends PoolReader {
    static final String POOL = "org.quartz.simpl.SimpleThreadPool";

    private final FieldExpression threads = new FieldExpression("workers");
    private final FieldExpression busy = new FieldExpression("busyWorkers");

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        int size = (int) threads.number(pool);
        int running = (int) busy.number(pool);
        return new PoolView.Look(
                size, size, size, Math.max(0, running), 0, -1, 0, PoolAccess.name(threads.object(pool)));
    }

    @Override
    String type() {
        return "scheduled";
    }
}
