// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Looks into OkHttp's Dispatcher, 3.14 to 5, which lets only so many asynchronous calls run, to one host and in all; the others wait in a
 * list, and no thread with them. What runs is the number of calls to the host that has most of them.
 *
 * <p>Its lists are guarded by a monitor that we do not take: a call that comes or goes meanwhile may be missed.
 */
final class CallLimitReader extends PoolReader {
    static final String POOL = "okhttp3.Dispatcher";

    private final FieldExpression most = new FieldExpression("maxRequests");
    private final FieldExpression mostToHost = new FieldExpression("maxRequestsPerHost");
    private final FieldExpression ready = new FieldExpression("readyAsyncCalls");
    private final FieldExpression running = new FieldExpression("runningAsyncCalls");
    private final FieldExpression toHost = new FieldExpression("callsPerHost");

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        int limit = (int) mostToHost.number(pool);
        int limitInAll = (int) most.number(pool);
        if (!(running.object(pool) instanceof ArrayDeque<?> calls) || limit < 0 || limitInAll < 0) {
            return null;
        }
        int busiest = 0;
        int inAll = 0;
        for (Object call : calls.toArray()) {
            if (call != null) {
                inAll++;
                int calling = toHost.object(call) instanceof AtomicInteger count ? count.get() : 1;
                busiest = Math.max(busiest, calling);
            }
        }
        int size = Math.min(limit, limitInAll);
        return new PoolView.Look(
                size,
                size,
                size,
                inAll >= limitInAll ? size : Math.min(size, busiest),
                (int) ready.number(pool),
                -1,
                0,
                "OkHttp Dispatcher");
    }
}
