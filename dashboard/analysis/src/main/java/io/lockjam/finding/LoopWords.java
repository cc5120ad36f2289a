// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to speak of a thread that was held up, and of those who wait for it: parts of sentences.
 *
 * @param effect what follows from it
 * @param instead where to make the call
 */
record LoopWords(String noun, String effect, String why, String instead) {
    private static final Duration NOTABLE = Duration.ofMillis(1);

    private static final String ON_A_WORKER = "on a worker thread and come back to the loop with the answer";
    private static final String MAY_WAIT = ", whose threads may wait";
    private static final String STAGE = "in thenApplyAsync with an executor" + MAY_WAIT;

    private static final LoopWords LOOP = loop(ON_A_WORKER);

    /**
     * @param begins package of a library
     * @param instead where it lets its users wait
     */
    private record Elsewhere(String begins, String instead) {}

    /** The first that is on the stack counts: those that run on the loops of others come first. */
    private static final List<Elsewhere> ELSEWHERE = List.of(
            new Elsewhere("reactor.", "in Mono.fromCallable(…).subscribeOn(Schedulers.boundedElastic())" + MAY_WAIT),
            new Elsewhere("io.reactivex.", "in Single.fromCallable(…).subscribeOn(Schedulers.io())" + MAY_WAIT),
            new Elsewhere("io.vertx.", "in vertx.executeBlocking(…)" + MAY_WAIT),
            new Elsewhere("io.grpc.", "on the executor of the server or channel, that is without directExecutor()"),
            new Elsewhere("io.undertow.", "in a BlockingHandler or after exchange.dispatch(…), on the worker threads"),
            new Elsewhere("org.asynchttpclient.", STAGE),
            new Elsewhere("io.lettuce.", STAGE),
            new Elsewhere("org.redisson.", STAGE),
            new Elsewhere("org.apache.hc.", "on an executor" + MAY_WAIT + ": let completed(…) only hand the answer on"),
            new Elsewhere("sun.net.httpserver.", "on the threads of an executor, given to HttpServer.setExecutor"),
            new Elsewhere("jdk.internal.net.http.", STAGE),
            new Elsewhere("org.apache.mina.", "behind an ExecutorFilter" + MAY_WAIT),
            new Elsewhere(
                    "org.apache.curator.",
                    "on an executor" + MAY_WAIT + ": inBackground and addListener take one as an argument"),
            new Elsewhere(
                    "io.netty.util.HashedWheelTimer", "on an executor" + MAY_WAIT + ": let the task only hand it on"),
            new Elsewhere("io.netty.", "in a handler that has an EventExecutorGroup of its own, or " + ON_A_WORKER));

    /** Of finalizers, and of the actions of {@code java.lang.ref.Cleaner}. */
    private static final LoopWords CLEANER = new LoopWords(
            "cleaning thread",
            "no other object is cleaned up meanwhile, and their memory is not freed",
            "All objects with a finalizer, or of one Cleaner, share one thread",
            "in close(), which whoever uses the object calls (try-with-resources)");

    /** Of {@code orTimeout}: what follows a stage in the thread that completes it follows a time-out in the thread of all time-outs. */
    private static final LoopWords TIME_OUTS = new LoopWords(
            "time-out thread",
            "no other CompletableFuture of the program is timed out meanwhile",
            "orTimeout and completeOnTimeout of all CompletableFutures share one thread, which also runs what follows them",
            "in a step that is given an executor: exceptionallyAsync, handleAsync or thenApplyAsync");

    /** @param held the stack of a hold-up */
    static LoopWords of(Optional<PoolWindow> scheduler, Stack held) {
        return scheduler
                .map(pool -> scheduler(pool, held))
                .orElse(cleans(held) ? CLEANER : timesOut(held) ? TIME_OUTS : loop(held));
    }

    private static LoopWords loop(String instead) {
        return new LoopWords(
                "event loop", "everything else on it waits", "Everything on a loop shares one thread", instead);
    }

    private static LoopWords loop(Stack held) {
        return ELSEWHERE.stream()
                .filter(each -> held.frames().stream()
                        .anyMatch(frame -> frame.className().startsWith(each.begins)))
                .findFirst()
                .map(each -> loop(each.instead))
                .orElse(LOOP);
    }

    private static boolean cleans(Stack held) {
        return held.frames().stream()
                .map(Frame::className)
                .anyMatch(name ->
                        name.startsWith("java.lang.ref.Finalizer") || name.equals("jdk.internal.ref.CleanerImpl"));
    }

    private static boolean timesOut(Stack held) {
        return held.frames().stream()
                .map(Frame::className)
                .anyMatch(name -> name.equals("java.util.concurrent.CompletableFuture$Timeout")
                        || name.equals("java.util.concurrent.CompletableFuture$DelayedCompleter"));
    }

    private static LoopWords scheduler(PoolWindow pool, Stack held) {
        Duration latest = Schedulers.latest(pool);
        return new LoopWords(
                "scheduler",
                latest.compareTo(NOTABLE) < 0
                        ? "its other tasks wait"
                        : "its other tasks start up to " + Words.time(latest) + " late",
                "All its tasks share one thread",
                "on a thread of its own, or "
                        + (Schedulers.isTimer(pool)
                                ? "use a ScheduledThreadPoolExecutor with 2 threads: a java.util.Timer has only one"
                                : "give the scheduler 2 threads (" + setting(pool, held) + ")"));
    }

    /** Spring makes the scheduler of one thread itself if nobody gives it another. */
    private static String setting(PoolWindow pool, Stack held) {
        boolean ofSpring = held.frames().stream()
                .anyMatch(frame -> frame.className().startsWith("org.springframework.scheduling."));
        return ofSpring
                ? "poolSize of a ThreadPoolTaskScheduler; in Spring Boot spring.task.scheduling.pool.size"
                : PoolSettings.name(pool);
    }

    String expect(Duration took) {
        return equals(CLEANER)
                ? "The others are cleaned up as soon as they are found."
                : noun.equals(LOOP.noun)
                        ? "The loop's longest delay falls from " + Words.time(took) + " to what its own work takes."
                        : "The other tasks no longer wait for this call.";
    }
}
