// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty's thread pool. */
public final class JettyThreads implements Supplier<Executor> {
    @Override
    public Executor get() {
        QueuedThreadPool pool = new QueuedThreadPool(4, 4);
        pool.setName("requests");
        pool.setReservedThreads(0);
        pool.setDaemon(true);
        try {
            pool.start();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return pool;
    }
}
