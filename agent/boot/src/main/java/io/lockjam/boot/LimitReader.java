// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Looks into what lets only so many be under way at a time, while no thread waits for it: whoever comes too early is kept in a queue. So does
 * what {@code limitedParallelism} of Kotlin gives, {@code Dispatchers.IO} among it (kotlinx.coroutines 1.6 to 1.10), with tasks, and
 * reactor-pool 1 with what it lends, as the connections of R2DBC and Reactor Netty.
 */
final class LimitReader extends PoolReader {
    static final String COROUTINES = "kotlinx.coroutines.internal.LimitedDispatcher";
    static final String REACTOR = "reactor.pool.SimpleDequePool";

    private final FieldExpression limit = new FieldExpression("parallelism|poolConfig.allocationStrategy.max");
    private final FieldExpression running = new FieldExpression("runningWorkers|runningWorkers$volatile|acquired");
    private final FieldExpression waiting = new FieldExpression("pendingSize");
    private final FieldExpression queue = new FieldExpression("queue._cur._state|queue._cur$volatile._state$volatile");
    private final FieldExpression behind = new FieldExpression("dispatcher");

    /** What was inside when it was seen for the first time; -1 before that. */
    private long insideAtFirst = -1;

    private long completed;

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        long size = limit.number(pool);
        int busy = (int) running.number(pool);
        if (size < 1 || size > Integer.MAX_VALUE || busy < 0) {
            return null;
        }
        int depth = (int) Math.max(waiting.number(pool), CoroutineReader.queued(queue.number(pool)));
        long inside = busy + (long) depth;
        if (insideAtFirst < 0) {
            insideAtFirst = inside;
        }
        // whatever came and is no longer inside has ended; what comes meanwhile counts with the next look
        completed = Math.max(completed, insideAtFirst + stat.arrivals.get() - inside);
        int most = (int) size;
        return new PoolView.Look(most, most, most, busy, depth, -1, completed, name(pool, most));
    }

    /** Kotlin's by the dispatcher whose threads it uses; null for others. */
    private @Nullable String name(Object pool, int size) throws Throwable {
        Object dispatcher = behind.object(pool);
        if (dispatcher == null) {
            return null;
        }
        String type = dispatcher.getClass().getSimpleName();
        String known = switch (type) {
            case "UnlimitedIoScheduler" -> "Dispatchers.IO";
            case "DefaultScheduler" -> "Dispatchers.Default";
            default -> type;
        };
        return known + " limited to " + size;
    }

    @Override
    boolean counts() {
        return false;
    }
}
