// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.threads.EnhancedQueueExecutor;

/** The thread pool of jboss-threads, as XNIO makes it. */
public final class EnhancedQueueThreads implements Supplier<Executor> {
    @Override
    public Executor get() {
        return new EnhancedQueueExecutor.Builder()
                .setCorePoolSize(4)
                .setMaximumPoolSize(4)
                .setThreadFactory(task -> {
                    Thread thread = new Thread(task, "XNIO-1 task-1");
                    thread.setDaemon(true);
                    return thread;
                })
                .build();
    }
}
