// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/** Looks into Tomcat's own ThreadPoolExecutor, from 10.1 on a copy of the JDK's; before it was a subclass. */
final class TomcatReader extends PoolReader {
    static final String POOL = "org.apache.tomcat.util.threads.ThreadPoolExecutor";

    private final Class<?> type;
    private final FieldExpression workers = new FieldExpression("workers");
    private @Nullable WorkerPoolReader reader;

    TomcatReader(Class<?> type) {
        this.type = type;
    }

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        WorkerPoolReader workerPool = reader;
        if (workerPool == null) {
            Object worker = workers.object(pool) instanceof HashSet<?> set && set.size() > 0 ? set.toArray()[0] : null;
            if (worker == null) {
                return null; // its first thread tells the class of its workers
            }
            workerPool = new WorkerPoolReader(type, worker.getClass());
            reader = workerPool;
            Object queue = workerPool.workQueue(pool);
            if (queue != null) {
                stat.tasksIn(queue);
            }
        }
        return workerPool.look(pool, stat);
    }

    @Override
    boolean counts() {
        return false;
    }
}
