// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.window.PoolWindow;
import java.util.List;

/**
 * How to give a pool another number of threads, in the words of whoever made it: libraries have settings of their own.
 *
 * <p>Two pools are shared by all code of a program and have a thread for each core. What waits does not belong there, so that comes first.
 */
final class PoolSettings {
    private static final String COMMON_POOL = "ForkJoinPool.commonPool-";
    private static final String COROUTINES = "kotlinx.coroutines.scheduling.";
    private static final String REACTOR_POOL = "reactor.pool.";
    private static final String COROUTINE_LIMIT = "kotlinx.coroutines.internal.LimitedDispatcher";
    private static final String CALLS = "okhttp3.";
    private static final int VERTX_WORKERS = 20; // VertxOptions.DEFAULT_WORKER_POOL_SIZE

    /**
     * @param begins the pool's class, or the name of its threads
     * @param name of the setting
     */
    private record Setting(String begins, String name) {}

    /** The first that fits counts; the JDK's own come last. */
    private static final List<Setting> SETTINGS = List.of(
            new Setting("org.apache.tomcat.util.threads.", "maxThreads (in Spring Boot server.tomcat.threads.max) to"),
            new Setting(
                    "org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor",
                    "corePoolSize (in Spring Boot spring.task.execution.pool.core-size) to"),
            new Setting(
                    "org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler",
                    "poolSize (in Spring Boot spring.task.scheduling.pool.size) to"),
            new Setting("org.eclipse.jetty.", "maxThreads"),
            new Setting("org.jboss.threads.", "the worker threads (XNIO: WORKER_TASK_MAX_THREADS) to"),
            new Setting("org.quartz.", "org.quartz.threadPool.threadCount"),
            new Setting(CALLS, "maxRequestsPerHost (and maxRequests, if that is less)"),
            new Setting(
                    "Dispatchers.IO limited to 64", "-Dkotlinx.coroutines.io.parallelism to"), // as it is by default
            new Setting(
                    COROUTINE_LIMIT,
                    "limitedParallelism, or for all of Dispatchers.IO -Dkotlinx.coroutines.io.parallelism, to"),
            new Setting(REACTOR_POOL, "maxSize (R2DBC) or maxConnections (Reactor Netty) to"),
            new Setting("akka.dispatch.", "parallelism-min and parallelism-max of the dispatcher to"),
            new Setting("org.apache.pekko.dispatch.", "parallelism-min and parallelism-max of the dispatcher to"),
            new Setting("redisson-netty-", "nettyThreads of Redisson's Config to"),
            new Setting("redisson-", "threads of Redisson's Config to"),
            new Setting(
                    "clojure-agent-send-pool-",
                    "the threads of what set-agent-send-executor! is given (or use send-off for what waits) to"),
            new Setting("vert.x-worker-thread-", "workerPoolSize"),
            new Setting("vert.x-internal-blocking-", "internalBlockingPoolSize"),
            new Setting("boundedElastic-", "reactor.schedulers.defaultBoundedElasticSize"),
            new Setting(
                    "reactor.core.scheduler.BoundedElasticScheduler", "threadCap of Schedulers.newBoundedElastic to"),
            new Setting("RxComputationThreadPool-", "-Drx3.computation-threads to"),
            new Setting("java.util.concurrent.ForkJoinPool", "parallelism"),
            new Setting("java.util.concurrent.ScheduledThreadPoolExecutor", "corePoolSize"));

    private PoolSettings() {}

    /** Whether the pool is one that all code of the program shares, with a thread for each core unless told otherwise. */
    static boolean isShared(PoolWindow pool) {
        return isCommonPool(pool) || runsCoroutines(pool);
    }

    static boolean runsCoroutines(PoolWindow pool) {
        return pool.className().startsWith(COROUTINES);
    }

    private static boolean isCommonPool(PoolWindow pool) {
        return pool.type().equals("fork-join") && pool.name().startsWith(COMMON_POOL);
    }

    /** Whether its size is a number of tasks that may be under way on the threads of others; these are counted and not timed. */
    static boolean limits(PoolWindow pool) {
        return pool.className().startsWith(CALLS) || limitsCoroutines(pool) || lendsUnseen(pool);
    }

    /** Whether it lends connections to whoever has no thread that waits for them. */
    private static boolean lendsUnseen(PoolWindow pool) {
        return pool.className().startsWith(REACTOR_POOL);
    }

    static boolean limitsCoroutines(PoolWindow pool) {
        return pool.className().equals(COROUTINE_LIMIT);
    }

    /** Code that runs the tasks of such a limit. */
    static boolean isOfCoroutineLimit(Frame frame) {
        return frame.className().startsWith(COROUTINE_LIMIT);
    }

    static String noun(PoolWindow pool) {
        if (lendsUnseen(pool)) {
            return "connection";
        }
        return limitsCoroutines(pool) ? "place" : limits(pool) ? "call" : "thread";
    }

    /** What a task waits for that finds none free. */
    static String free(PoolWindow pool, int size) {
        if (limitsCoroutines(pool)) {
            return size == 1 ? "until the one before them has run" : "until fewer than " + size + " of them run";
        }
        if (lendsUnseen(pool)) {
            return "until " + (size == 1 ? "its connection" : "one of its " + size + " connections") + " is given back";
        }
        if (limits(pool)) {
            return "until fewer than " + size + " to the same host are under way";
        }
        return "for " + (size == 1 ? "its one thread" : "one of its " + size + " threads");
    }

    /** Whether it has as many threads as Vert.x makes if nobody says how many. */
    static boolean isDefaultOfVertx(PoolWindow pool) {
        return pool.size() == VERTX_WORKERS && pool.name().startsWith("vert.x-");
    }

    /** The setting's name, to be followed by a number. */
    static String name(PoolWindow pool) {
        return SETTINGS.stream()
                .filter(each ->
                        pool.className().startsWith(each.begins) || pool.name().startsWith(each.begins))
                .map(Setting::name)
                .findFirst()
                .orElse(
                        pool.type().equals("fork-join")
                                ? "parallelism"
                                : Schedulers.is(pool) ? "corePoolSize" : "corePoolSize and maximumPoolSize");
    }

    /** A sentence without its end. */
    static String resize(PoolWindow pool, int threads) {
        if (runsCoroutines(pool)) {
            return "Run what waits in withContext(Dispatchers.IO), which has threads for it; or start the program with "
                    + "-Dkotlinx.coroutines.scheduler.core.pool.size=" + threads;
        }
        if (pool.ofVirtualThreads()) {
            return "Give each task a virtual thread of its own (Executors.newVirtualThreadPerTaskExecutor()) in place of "
                    + pool.name()
                    + ": such threads need no pool. Where so few may run at a time because of what they use, let a task take"
                    + " a permit of a Semaphore first, of " + threads + " or as many as that can bear";
        }
        if (isCommonPool(pool)) {
            return "Give what waits a pool of its own, since all code of the program shares this one; or start the program with "
                    + "-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + threads;
        }
        String set = "et " + name(pool) + " " + threads + " for " + pool.name()
                + (pool.className().equals("java.util.concurrent.ForkJoinPool")
                        ? ", or let its tasks wait through ForkJoinPool.managedBlock, which adds a thread meanwhile"
                        : "");
        return limitsCoroutines(pool) && pool.size() == 1
                ? "If they need not run one after the other, s" + set
                : "S" + set;
    }

    /** Against a queue that grows without end; that of a shared pool cannot be given a bound. */
    static String bound(PoolWindow pool) {
        return isShared(pool) || limits(pool)
                ? "Let whoever hands tasks to " + pool.name() + " wait while many are under way (a Semaphore)"
                : "Give the queue of " + pool.name() + " a bound and say what happens when it is full";
    }

    /** Instead of a wait for another task of the pool. */
    static String compose(PoolWindow pool) {
        return runsCoroutines(pool)
                ? "call suspending functions instead of runBlocking, which keeps the thread"
                : "give the inner tasks a pool of their own, or compose them (thenCompose) instead of waiting";
    }
}
