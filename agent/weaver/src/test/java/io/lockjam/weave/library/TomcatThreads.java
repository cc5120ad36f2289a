// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.tomcat.util.threads.TaskQueue;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

/** Tomcat's own thread pool, as its connector makes it. */
public final class TomcatThreads implements Supplier<ThreadPoolExecutor> {
    @Override
    public ThreadPoolExecutor get() {
        TaskQueue queue = new TaskQueue();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                4, 4, 60, TimeUnit.SECONDS, queue, new TaskThreadFactory("http-nio-exec-", true, 5));
        queue.setParent(pool);
        return pool;
    }
}
