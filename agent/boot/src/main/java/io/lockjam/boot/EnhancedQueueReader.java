// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Looks into the EnhancedQueueExecutor of jboss-threads 3, behind XNIO, Undertow and WildFly.
 *
 * <p>One long holds the number of threads, their core and their maximum in 20 bits each, another the queue's depth below
 * its bound. How many threads are busy it counts only if told to; the hooks do.
 */
final class EnhancedQueueReader extends PoolReader {
    static final String POOL = "org.jboss.threads.EnhancedQueueExecutor";

    private static final int BITS = 20;
    private static final int MASK = (1 << BITS) - 1;

    private final FieldExpression status = new FieldExpression("threadStatus");
    private final FieldExpression queue = new FieldExpression("queueSize");
    private final FieldExpression threads = new FieldExpression("runningThreads");

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        long sizes = status.number(pool);
        if (sizes == -1) {
            return null;
        }
        long depths = queue.number(pool);
        int capacity = (int) (depths >>> 32);
        return new PoolView.Look(
                (int) sizes & MASK,
                (int) (sizes >>> BITS) & MASK,
                (int) (sizes >>> (2 * BITS)) & MASK,
                Math.min((int) sizes & MASK, Math.max(0, stat.lent.get())),
                depths == -1 ? -1 : (int) depths,
                depths == -1 || capacity == Integer.MAX_VALUE ? -1 : capacity,
                0,
                PoolAccess.name(threads.object(pool)));
    }
}
