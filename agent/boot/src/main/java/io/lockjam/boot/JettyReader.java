// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks into Jetty's QueuedThreadPool, 9.4.15 to 12.
 *
 * <p>One AtomicLong holds its threads in the upper half, and in the lower one the idle threads less the tasks queued.
 */
final class JettyReader extends PoolReader {
    static final String POOL = "org.eclipse.jetty.util.thread.QueuedThreadPool";

    private final FieldExpression counts = new FieldExpression("_counts");
    private final FieldExpression min = new FieldExpression("_minThreads");
    private final FieldExpression max = new FieldExpression("_maxThreads");
    private final FieldExpression threads = new FieldExpression("_threads");

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        if (!(counts.object(pool) instanceof AtomicLong both)) {
            return null;
        }
        long value = both.get(); // final, whatever the subclass
        int size = Math.max(0, (int) (value >> 32)); // the least number once it has been stopped
        int free = (int) value;
        return new PoolView.Look(
                size,
                (int) min.number(pool),
                (int) max.number(pool),
                Math.max(0, size - Math.max(0, free)),
                Math.max(0, -free),
                -1,
                0,
                PoolAccess.name(threads.object(pool)));
    }
}
