// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pool that is too small is told with the setting that its users have, and with the line at which its tasks wait. */
class PoolSettingsTest {
    private static final Map<String, Number> FULL = Map.of(
            "size",
            2,
            "busy",
            2,
            "depth",
            40,
            "arrivals",
            100,
            "serviceMillis",
            20,
            "queueMillis",
            400,
            "cpuShare",
            0.05);

    private static Story full(String className, String name, String type) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(FULL).of(className, name, type).at(second + 0.5));
            story.states(second + 0.5, Map.of(name.replace("#", "1"), 'S'));
        }
        return story;
    }

    private static Finding only(Story story) {
        assertThat(story.kinds(0, 10)).containsExactly("pool-undersized");
        return story.check(0, 10).found().get(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            java.util.concurrent.ThreadPoolExecutor | order-# | threads | Set corePoolSize and maximumPoolSize 39 for order-#
            java.util.concurrent.ForkJoinPool | ForkJoinPool-#-worker-# | fork-join | Set parallelism 40 for ForkJoinPool-1-worker-#, or let its tasks wait through ForkJoinPool.managedBlock
            java.util.concurrent.ForkJoinPool | ForkJoinPool.commonPool-worker-# | fork-join | Give what waits a pool of its own
            org.apache.tomcat.util.threads.ThreadPoolExecutor | http-nio-#-exec-# | threads | Set maxThreads (in Spring Boot server.tomcat.threads.max) to 39 for http
            org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor$1 | task-# | threads | Set corePoolSize (in Spring Boot spring.task.execution.pool.core-size) to 39 for task
            org.eclipse.jetty.util.thread.QueuedThreadPool | qtp#-# | threads | Set maxThreads 39 for
            org.jboss.threads.EnhancedQueueExecutor | XNIO-# task-# | threads | Set the worker threads (XNIO: WORKER_TASK_MAX_THREADS) to 39 for
            java.util.concurrent.ThreadPoolExecutor | vert.x-worker-thread-# | threads | Set workerPoolSize 39 for
            java.util.concurrent.ThreadPoolExecutor | redisson-3-# | threads | Set threads of Redisson's Config to 39 for redisson
            okhttp3.Dispatcher | OkHttp Dispatcher | threads | Set maxRequestsPerHost (and maxRequests, if that is less) 39 for
            kotlinx.coroutines.internal.LimitedDispatcher | Dispatchers.IO limited to 2 | threads | Set limitedParallelism, or for all of Dispatchers.IO -Dkotlinx.coroutines.io.parallelism, to 39 for
            kotlinx.coroutines.internal.LimitedDispatcher | Dispatchers.IO limited to 64 | threads | Set -Dkotlinx.coroutines.io.parallelism to 39 for
            reactor.pool.SimpleDequePool | SimpleDequePool 5 | threads | Set maxSize (R2DBC) or maxConnections (Reactor Netty) to 39 for
            kotlinx.coroutines.scheduling.CoroutineScheduler | DefaultDispatcher-worker-# | threads | Run what waits in withContext(Dispatchers.IO)
            """)
    void namesTheSettingOfTheLibrary(String className, String name, String type, String change) {
        assertThat(only(full(className, name, type)).details().text().change()).startsWith(change);
    }

    @Test
    void theWorkersThatVertxMakesUnaskedAreNotTooMany() {
        for (int size : new int[] {20, 32}) {
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.tell(PoolFigures.of(Map.of("size", size, "busy", 3, "arrivals", 50, "serviceMillis", 40))
                        .of("java.util.concurrent.ThreadPoolExecutor", "vert.x-worker-thread-#", "threads")
                        .at(second + 0.5));
            }
            assertThat(story.kinds(0, 10)).isEqualTo(size == 20 ? List.of() : List.of("pool-oversized"));
        }
    }

    /** Two of four threads are a server's own, for its connections; the others are too few for what arrives. */
    @Test
    void threadsInTasksThatDoNotEndAreNoHelpToTheOthers() {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            Map<String, Number> figures =
                    Map.of("size", 4, "busy", 4, "depth", 6, "arrivals", 50, "serviceMillis", 40, "queueMillis", 120);
            story.tell(PoolFigures.of(figures)
                    .of("org.eclipse.jetty.util.thread.QueuedThreadPool", "qtp-#", "threads")
                    .at(second + 0.5));
        }
        Text text = only(story).details().text();
        assertThat(text.why()).contains("2 threads are in tasks that did not end while we looked.");
        assertThat(text.change()).startsWith("Set maxThreads ");
    }

    @Test
    void aPoolThatOnlyALibraryUsesIsOfTheSizeThatItChose() {
        Stack library = Story.stack("java.util.concurrent.ThreadPoolExecutor.execute", "org.redisson.Decoder.decode");
        Stack own = Story.stack("java.util.concurrent.ThreadPoolExecutor.execute", "com.acme.Shop.buy");
        for (Stack submitter : List.of(library, own)) {
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.pool(second + 0.5, Map.of("size", 16, "busy", 1, "arrivals", 50, "serviceMillis", 10));
                story.tell(
                        new Fact.TaskSubmitted(Story.at(second + 0.6), Story.thread("x"), "9001", "T", 0, submitter));
            }
            assertThat(story.kinds(0, 10)).isEqualTo(submitter.equals(own) ? List.of("pool-oversized") : List.of());
        }
    }

    @Test
    void aLimitOfCallsIsNotTooLargeSinceItTakesNoMemory() {
        for (String type : List.of("okhttp3.Dispatcher", "java.util.concurrent.ThreadPoolExecutor")) {
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.tell(PoolFigures.of(Map.of("size", 64, "busy", 3, "arrivals", 50, "serviceMillis", 40))
                        .of(type, "calls", "threads")
                        .at(second + 0.5));
            }
            assertThat(story.kinds(0, 10)).isEqualTo(type.startsWith("ok") ? List.of() : List.of("pool-oversized"));
        }
    }

    @Test
    void countsThatAreNotTimedAreNotDoubted() {
        Map<String, Number> untimed = new HashMap<>(FULL);
        untimed.put("timed", 0);
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(untimed)
                    .of("okhttp3.Dispatcher", "OkHttp Dispatcher", "threads")
                    .at(second + 0.5));
        }
        Text text = only(story).details().text();
        assertThat(text.what())
                .startsWith("Tasks of OkHttp Dispatcher wait 400 ms until fewer than 2 to the same host are under way");
        assertThat(text.certainty()).startsWith("Counts are exact;").doesNotContain("timed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            okhttp3.Dispatcher | 2 | until fewer than 2 to the same host are under way
            kotlinx.coroutines.internal.LimitedDispatcher | 2 | until fewer than 2 of them run
            kotlinx.coroutines.internal.LimitedDispatcher | 1 | until the one before them has run
            reactor.pool.SimpleDequePool | 2 | until one of its 2 connections is given back
            java.util.concurrent.ThreadPoolExecutor | 2 | for one of its 2 threads
            """)
    void saysWhatATaskWaitsFor(String className, int size, String until) {
        Map<String, Number> figures = new HashMap<>(FULL);
        figures.putAll(Map.of("size", size, "busy", size, "busyMean", size, "serviceMillis", 10 * size));
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(figures).of(className, "work", "threads").at(second + 0.5));
        }
        Text text = only(story).text();

        assertThat(text.what()).startsWith("Tasks of work wait 400 ms " + until + " and run");
        assertThat(text.change().startsWith("If they need not run one after the other, set limitedParallelism"))
                .isEqualTo(size == 1);
    }

    @Test
    void aLimitOfCoroutinesWhoseComputingIsUnknownIsNotJudged() {
        Map<String, Number> unknown = new HashMap<>(FULL);
        unknown.put("timed", 0);
        for (String type : List.of("kotlinx.coroutines.internal.LimitedDispatcher", "okhttp3.Dispatcher")) {
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.tell(PoolFigures.of(unknown).of(type, "work", "threads").at(second + 0.5));
            }
            assertThat(story.kinds(0, 10)).isEqualTo(type.startsWith("ok") ? List.of("pool-undersized") : List.of());
        }
    }

    /** One task at a time sleeps on a thread of the dispatcher behind the limit, which runs something else, too. */
    private static Story limited(int coreMillis) {
        Story story = new Story();
        ThreadRef worker = Story.thread("DefaultDispatcher-worker-1");
        Map<String, Number> full = Map.of("size", 1, "busy", 1, "depth", 7, "arrivals", 25, "timed", 0);
        Map<String, Number> behind = Map.of("size", 2, "busy", 0, "arrivals", 0, "timed", 0);
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(full)
                    .of("kotlinx.coroutines.internal.LimitedDispatcher", "Dispatchers.IO limited to 1", "threads")
                    .at(second + 0.5));
            story.tell(PoolFigures.of(behind)
                    .of("kotlinx.coroutines.scheduling.CoroutineScheduler", "DefaultDispatcher-worker-#", "threads")
                    .identity("9002")
                    .at(second + 0.5));
            story.states(second + 0.5, Map.of(worker.label(), 'S'));
            slept(
                    story,
                    second + 0.8,
                    500,
                    "com.acme.Rows.query",
                    "kotlinx.coroutines.internal.LimitedDispatcher$Worker.run");
            slept(
                    story,
                    second + 0.9,
                    900,
                    "com.acme.Mail.send",
                    "kotlinx.coroutines.scheduling.CoroutineScheduler.run");
            Fact.OsThread used = new Fact.OsThread(worker.osId(), coreMillis * 1_000_000L, 0, 1, 1);
            story.tell(new Fact.OsUsage(Story.at(second + 1), Duration.ofSeconds(1), List.of(used), -1, -1));
        }
        return story;
    }

    private static void slept(Story story, double end, int millis, String at, String runs) {
        Stack stack = Story.stack("java.lang.Thread.sleep", at, runs);
        story.did(end, millis, "DefaultDispatcher-worker-1", Fact.ActivityKind.SLEEP, stack);
    }

    @Test
    void whatRunsUnderALimitIsToldFromTheThreadsBehindIt() {
        Text text = only(limited(20)).text();

        assertThat(text.what())
                .startsWith("Tasks of Dispatchers.IO limited to 1 wait 280 ms until the one before them has run");
        assertThat(text.why()).contains("uses a core for only 2 %", "A task sleeps for 50 % of its time at Rows.query");
        assertThat(limited(300).kinds(0, 10)).as("its tasks may compute").isEmpty();
    }

    @Test
    void namesTheLineAtWhichTasksWait() {
        Story story = full("kotlinx.coroutines.scheduling.CoroutineScheduler", "DefaultDispatcher-worker-#", "threads");
        for (int second = 0; second < 10; second++) {
            story.did(
                    second + 0.9,
                    800,
                    "DefaultDispatcher-worker-1",
                    Fact.ActivityKind.SLEEP,
                    Story.stack("java.lang.Thread.sleep", "com.acme.Shop.load"));
            story.did(
                    second + 0.9,
                    500,
                    "somebody-else",
                    Fact.ActivityKind.SOCKET_READ,
                    Story.stack("java.net.Socket.read", "com.acme.Shop.ask"));
        }
        Details details = only(story).details();
        assertThat(details.text().why()).contains(" A task sleeps for 40 % of its time at Shop.load(Shop.java:");
        assertThat(details.where().get(0).frame().method()).isEqualTo("load");
    }

    private static Text reading(String peer, String otherPeer) {
        Story story = full("org.apache.tomcat.util.threads.ThreadPoolExecutor", "http-nio-#-exec-#", "threads");
        Stack reads = Story.stack("java.net.Socket.read", "com.acme.Shop.ask");
        ThreadRef worker = Story.thread("http-nio-1-exec-1");
        for (int second = 0; second < 10; second++) {
            story.tell(new Fact.Activity(
                    Story.at(second + 0.9),
                    Story.millis(900),
                    worker,
                    Fact.ActivityKind.SOCKET_READ,
                    reads,
                    second % 2 == 0 ? peer : otherPeer));
        }
        return only(story).text();
    }

    @Test
    void namesTheServerThatTasksWaitFor() {
        assertThat(reading("rates:8080", "rates:8080").why())
                .contains(" A task reads a socket (rates:8080) for 45 % of its time at Shop.ask");
        assertThat(reading("10.0.0.1:41001", "10.0.0.2:41002").why())
                .as("many clients, as a server has")
                .contains(" A task reads a socket for 45 % of its time at Shop.ask");
    }

    @Test
    void asksWhetherTheServerOnThisMachineIsTheProgramItself() {
        assertThat(reading("127.0.0.1:8080", "127.0.0.1:8080").change())
                .startsWith("Set maxThreads (in Spring Boot server.tomcat.threads.max) to 39 for")
                .contains(" If it is this program that answers at 127.0.0.1:8080, ");
        assertThat(reading("rates:8080", "rates:8080").change()).doesNotContain("this program");
    }

    /** The one worker of two cores takes what its caller has not yet taken of 20 elements that sleep or compute. */
    private static Story parallelStream(Fact.ActivityKind kind) {
        Story story = new Story();
        Map<String, Number> full = new HashMap<>(Map.of("size", 1, "busy", 1, "arrivals", 4, "timed", 4));
        full.putAll(Map.of("serviceMillis", 250, "queueMillis", 200, "cpuShare", 0.02));
        for (int second = 0; second < 10; second++) {
            Map<String, Number> figures = new HashMap<>(full);
            figures.put("depth", second % 3 == 0 ? 0 : 1);
            story.tell(PoolFigures.of(figures)
                    .of("java.util.concurrent.ForkJoinPool", "ForkJoinPool.commonPool-worker-#", "fork-join")
                    .at(second + 0.5));
            story.states(second + 0.5, Map.of("ForkJoinPool.commonPool-worker-1", 'S'));
            story.did(
                    second + 0.9,
                    900,
                    "ForkJoinPool.commonPool-worker-1",
                    kind,
                    Story.stack("java.lang.Thread.sleep", "com.acme.Rows.query"));
        }
        return story;
    }

    @Test
    void aParallelStreamThatWaitsKeepsTheCommonPool() {
        Text text = only(parallelStream(Fact.ActivityKind.SLEEP)).text();

        assertThat(text.why()).contains("A task sleeps for 90 % of its time at Rows.query");
        assertThat(text.change()).startsWith("Give what waits a pool of its own");
        assertThat(parallelStream(Fact.ActivityKind.RUNNING).kinds(0, 10)).isEmpty();
    }
}
