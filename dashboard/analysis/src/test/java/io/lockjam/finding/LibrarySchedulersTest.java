// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Range;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedulers that a library makes of many pools of one thread each are spoken of as one pool, and judged by what they are for. */
class LibrarySchedulersTest {
    private static final String STPE = "java.util.concurrent.ScheduledThreadPoolExecutor";
    private static final String ELASTIC =
            "reactor.core.scheduler.BoundedElasticScheduler$BoundedScheduledExecutorService";
    private static final Stack QUERY = Story.stack("java.lang.Thread.sleep", "com.acme.Rows.query");

    /** Four pools of one thread each, all busy with calls of 40 ms, for which two others wait on average. */
    private static Story full(String className, String name, String submits) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            for (int i = 1; i <= 4; i++) {
                story.tell(one(second + 0.5, className, name, i, 1, second % 2 == 0 ? 0 : 4));
                String thread = name.replace("#", "" + i);
                story.states(second + 0.5, Map.of(thread, 'S'));
                for (int call = 1; call <= 20; call++) {
                    story.did(second + call * 0.045, 40, thread, Fact.ActivityKind.SLEEP, QUERY);
                }
            }
            submitted(story, second, submits);
        }
        return story;
    }

    private static void submitted(Story story, int second, String by) {
        Stack stack = Story.stack("java.util.concurrent.ScheduledThreadPoolExecutor.submit", by, "com.acme.Shop.order");
        story.tell(new Fact.TaskSubmitted(
                Story.at(second + 0.6), Story.thread("user-1"), "90" + (second % 4 + 1), "T", 1, stack));
    }

    private static Fact.PoolTotals one(double at, String className, String name, int i, int busy, int depth) {
        Map<String, Number> figures = Map.of(
                "size",
                1,
                "busy",
                busy,
                "depth",
                depth,
                "arrivals",
                22 * busy,
                "timed",
                20 * busy,
                "serviceMillis",
                41,
                "queueMillis",
                80);
        return PoolFigures.of(figures)
                .of(className, name, "scheduled")
                .identity("90" + i)
                .spread(Histogram.of(Story.millis(80).toNanos()), Histogram.EMPTY)
                .at(at);
    }

    private static List<PoolWindow> pools(Story story) {
        return story.session.pools(new Range(Story.at(0), Story.at(10)));
    }

    @Test
    void aBoundedElasticSchedulerIsOnePool() {
        Story story = full(ELASTIC, "work-#", "reactor.core.scheduler.Schedulers.directSchedule");

        assertThat(pools(story)).hasSize(1);
        PoolWindow pool = pools(story).get(0);
        assertThat(pool.size()).isEqualTo(4);
        assertThat(pool.maxSize()).isEqualTo(4);
        assertThat(pool.busyMean()).isEqualTo(4);
        assertThat(pool.completions()).isEqualTo(880);
        assertThat(pool.submitters()).isNotEmpty();
        Finding found = story.check(0, 10).found().get(0);
        assertThat(story.kinds(0, 10)).containsExactly("pool-undersized");
        // Little's law: 88 a second × 80 ms wait for one of the 4 threads
        assertThat(found.text().what())
                .isEqualTo("Tasks of work-# start 80 ms late, because they wait for one of its 4 threads, and run"
                        + " 41 ms; it needs 12 or more.");
        // three times as many threads as are kept busy: a task that finds one idle need not wait, however long others
        // did
        assertThat(found.text().why()).contains("88 tasks/s × 41 ms", "(queue wait 2.3 µs predicted)");
        assertThat(found.text().certainty()).doesNotContain("queue of its own");
        assertThat(found.text().change()).startsWith("Set threadCap of Schedulers.newBoundedElastic to 12 for work-#");
    }

    @Test
    void whereThreadsTakeTurnsTheModelSaysTooLittle() {
        Story story = full(STPE, "calc-#", "io.reactivex.rxjava3.internal.schedulers.NewThreadWorker.scheduleActual");

        assertThat(story.check(0, 10).found().get(0).text().certainty())
                .contains("Low confidence: each of its threads has a queue of its own");
    }

    @Test
    void aPoolThatIsQuietCounts() {
        Story story = full(ELASTIC, "work-#", "reactor.core.scheduler.Schedulers.directSchedule");
        story.tell(one(9.5, ELASTIC, "work-#", 5, 0, 0));

        assertThat(pools(story).get(0).size()).isEqualTo(5);
        assertThat(pools(story).get(0).sizes()).containsOnly(5);
    }

    @Test
    void poolsThatTheApplicationMadeStayApart() {
        Story story = full(STPE, "lane-#", "com.acme.Lanes.submit");

        assertThat(pools(story)).hasSize(4).allMatch(pool -> pool.size() == 1);
    }

    @Test
    void threadsThatAreMadeForCallsThatWaitAreNoLoops() {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            Fact.PoolTotals f = one(second + 0.5, ELASTIC, "work-#", 1, 1, 2);
            story.tell(f);
            story.states(second + 0.5, Map.of("work-1", 'S'));
            story.did(second + 0.9, 400, "work-1", Fact.ActivityKind.SLEEP, QUERY);
        }
        assertThat(story.kinds(0, 10)).doesNotContain("event-loop-blocked");
    }

    @ParameterizedTest
    @CsvSource({
        "reactor.core.scheduler.ParallelScheduler.schedule, calc-#, event-loop-blocked",
        "io.reactivex.rxjava3.internal.schedulers.ComputationScheduler.scheduleDirect, calc-#, event-loop-blocked",
        "io.reactivex.rxjava3.internal.schedulers.NewThreadWorker.scheduleActual, RxComputationThreadPool-#, event-loop-blocked",
        "io.reactivex.rxjava3.internal.schedulers.NewThreadWorker.scheduleActual, calc-#, pool-undersized",
    })
    void whereNothingMayWaitTheCallIsToldAndNotTheSize(String submits, String name, String kind) {
        assertThat(full(STPE, name, submits).kinds(0, 10)).containsExactly(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reactor.core.publisher.MonoCallable.call | Mono.fromCallable(…).subscribeOn(Schedulers.boundedElastic())
            io.reactivex.rxjava3.core.Single.subscribe | Single.fromCallable(…).subscribeOn(Schedulers.io())
            io.vertx.core.impl.ContextImpl.emit | vertx.executeBlocking(…)
            io.grpc.stub.ServerCalls.invoke | directExecutor()
            io.netty.channel.AbstractChannelHandlerContext.invokeChannelRead | EventExecutorGroup
            io.undertow.server.Connectors.executeRootHandler | BlockingHandler
            io.lettuce.core.protocol.CommandHandler.complete | thenApplyAsync with an executor
            org.apache.hc.core5.concurrent.BasicFuture.completed | let completed(…) only hand the answer on
            sun.net.httpserver.ServerImpl$Exchange.run | HttpServer.setExecutor
            com.acme.Loop.run | on a worker thread and come back to the loop with the answer
            """)
    void theAdviceUsesTheWordsOfTheLibrary(String runs, String words) {
        Story story = new Story();
        Stack stack = Story.stack("java.lang.Thread.sleep", "com.acme.Rows.query", runs);
        for (int second = 0; second < 10; second++) {
            story.states(second + 0.5, Map.of("nioEventLoopGroup-2-1", 'S'));
            story.did(second + 0.9, 60, "nioEventLoopGroup-2-1", Fact.ActivityKind.SLEEP, stack);
        }
        String caller = runs.startsWith("com.acme.") ? ", called from Loop.run(Loop.java:27), " : "), ";
        assertThat(story.check(0, 10).found().get(0).text().change())
                .startsWith("Make the call at Rows.query(Rows.java:29")
                .contains(caller)
                .contains(words);
    }

    @Test
    void theLockOfAQueueThatIsHandedATaskHoldsNobodyUp() {
        Stack handsIn = Story.stack(
                "jdk.internal.misc.Unsafe.park",
                "java.util.concurrent.locks.LockSupport.park",
                "java.util.concurrent.locks.ReentrantLock.lock",
                "java.util.concurrent.LinkedBlockingQueue.signalNotEmpty",
                "java.util.concurrent.ThreadPoolExecutor.execute",
                "com.acme.Shop.order");
        Stack locks = Story.stack(
                "jdk.internal.misc.Unsafe.park",
                "java.util.concurrent.locks.LockSupport.park",
                "java.util.concurrent.locks.ReentrantLock.lock",
                "com.acme.Shop.order");
        assertThat(waiting(handsIn).kinds(0, 10)).doesNotContain("event-loop-blocked");
        assertThat(waiting(locks).kinds(0, 10)).contains("event-loop-blocked");
    }

    /** As MINA runs its loop: in a task of a pool, which never ends. */
    private static Story selecting(int completions) {
        Story story = new Story();
        Stack handler = Story.stack("java.lang.Thread.sleep", "com.acme.Rows.query", "org.apache.mina.Processor.run");
        for (int second = 0; second < 10; second++) {
            Map<String, Number> figures =
                    Map.of("size", 1, "max", 99, "busy", 1, "arrivals", completions, "completions", completions);
            story.pool(second + 0.5, figures);
            story.states(second + 0.5, Map.of("worker-1", 'S'));
            for (int call = 1; call <= 20; call++) {
                story.did(second + call * 0.045, 40, "worker-1", Fact.ActivityKind.SLEEP, handler);
            }
            story.tell(new Fact.LoopTurn(Story.at(second + 0.9), Story.millis(41), Story.thread("worker-1"), 20));
        }
        return story;
    }

    @Test
    void aLoopThatIsATaskWithoutEndIsOne() {
        assertThat(selecting(0).kinds(0, 10)).containsExactly("event-loop-blocked");
        assertThat(selecting(5).kinds(0, 10)).doesNotContain("event-loop-blocked");
    }

    private static Story waiting(Stack stack) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.states(second + 0.5, Map.of("nioEventLoopGroup-2-1", 'W'));
            story.wait(
                    second + 0.9, 60, WaitKind.LOCK, Story.LOCK, "nioEventLoopGroup-2-1", "db-1", "db-1", stack, true);
        }
        return story;
    }

    @Test
    void theThreadOfAllTimeOutsMayNotBlockAlthoughItsTasksAreAllLong() {
        String name = "CompletableFutureDelayScheduler";
        Stack falls = Story.stack(
                "java.lang.Thread.sleep",
                "com.acme.Rows.archive",
                "java.util.concurrent.CompletableFuture.uniExceptionally",
                "java.util.concurrent.CompletableFuture$Timeout.run");
        Story blocked = timingOut(name, falls);
        Text text = blocked.check(0, 10).found().get(0).text();

        assertThat(blocked.kinds(0, 10)).containsExactly(Kind.EVENT_LOOP_BLOCKED.id());
        assertThat(text.what())
                .startsWith("The time-out thread " + name + " sleeps for 80")
                .endsWith("no other CompletableFuture of the program is timed out meanwhile.");
        assertThat(text.change()).contains("in a step that is given an executor: exceptionallyAsync");
        assertThat(timingOut(name, Stack.EMPTY).kinds(0, 10)).isEmpty();
    }

    /** @param sleeps where the only thread sleeps for 80 ms, ten times a second; empty if it does not */
    private static Story timingOut(String name, Stack sleeps) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(Map.of("size", 1, "busy", sleeps.isEmpty() ? 0 : 1, "arrivals", 10))
                    .of(STPE, name, "scheduled")
                    .identity("901")
                    .at(second + 0.5));
            story.states(second + 0.5, Map.of(name, sleeps.isEmpty() ? 'W' : 'S'));
            for (int call = 1; call <= 10 && !sleeps.isEmpty(); call++) {
                story.did(second + call * 0.095, 80, name, Fact.ActivityKind.SLEEP, sleeps);
            }
        }
        return story;
    }
}
