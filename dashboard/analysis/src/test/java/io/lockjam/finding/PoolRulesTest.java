// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pools and queues that must not be called anything, next to those that must. */
class PoolRulesTest {
    private static final Map<String, Number> IDLE_64 =
            Map.of("size", 64, "busy", 3, "arrivals", 50, "serviceMillis", 40);

    private final Story story = new Story();

    private List<String> kinds(Map<String, Number> figures, String type) {
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(figures).type(type).at(second + 0.5));
        }
        return story.kinds(0, 10);
    }

    private static Map<String, Number> but(String name, Number value) {
        Map<String, Number> changed = new LinkedHashMap<>(IDLE_64);
        changed.put(name, value);
        return changed;
    }

    @Test
    void threadsThatEndByThemselvesAreNotTooMany() {
        assertThat(kinds(but("core", 0), "threads")).isEmpty();
    }

    @Test
    void threadsThatStayAre() {
        assertThat(kinds(IDLE_64, "threads")).containsExactly("pool-oversized");
    }

    @Test
    void aThreadForEachCoreIsWhatAPoolForStealingWorkHas() {
        assertThat(kinds(Map.of("size", 2, "busy", 1, "arrivals", 50), "fork-join"))
                .isEmpty();
    }

    @Test
    void threadsThatWaitInTasksWithoutAnEndDoNoCpuWorkHoweverShortTheOthersAre() {
        Map<String, Number> figures = Map.of("size", 8, "busy", 7, "arrivals", 50, "serviceMillis", 160, "cpuShare", 1);
        Story waiting = new Story();
        Story computing = new Story();
        Map<String, Character> states = new HashMap<>();
        for (int i = 1; i <= 8; i++) {
            states.put("worker-" + i, 'C');
        }
        for (int second = 0; second < 10; second++) {
            waiting.pool(second + 0.5, figures);
            computing.pool(second + 0.5, figures);
            waiting.states(second + 0.5, states);
            computing.states(second + 0.5, states);
            for (String worker : states.keySet()) {
                computing.tell(new Fact.ThreadCpu(Story.at(second + 0.5), Story.thread(worker), 0.5, 0));
            }
        }

        assertThat(waiting.kinds(0, 10)).doesNotContain("pool-oversized");
        assertThat(computing.kinds(0, 10)).contains("pool-oversized");
    }

    @Test
    void aPoolOfVirtualThreadsIsToldToGoAndNotToGrow() {
        Map<String, Number> figures =
                Map.of("size", 4, "busy", 4, "arrivals", 40, "serviceMillis", 100, "queueMillis", 700, "depth", 40);
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(figures).type("virtual-threads").at(second + 0.5));
        }
        Text text = story.check(0, 10).found().get(0).text();

        assertThat(text.what())
                .isEqualTo(
                        "Tasks of worker-# wait 700 ms for one of its 4 threads and run 100 ms, though virtual threads need no pool.");
        assertThat(text.change())
                .startsWith(
                        "Give each task a virtual thread of its own (Executors.newVirtualThreadPerTaskExecutor()) in place of worker-#")
                .doesNotContain("corePoolSize");
    }

    @Test
    void virtualThreadsWithoutWorkCostNothing() {
        assertThat(kinds(IDLE_64, "virtual-threads")).isEmpty();
    }

    @Test
    void aFewSpareThreadsOfASchedulerAreHousekeeping() {
        Map<String, Number> ten = Map.of("size", 10, "busy", 1, "arrivals", 50, "serviceMillis", 4);
        assertThat(kinds(ten, "scheduled")).isEmpty();
        assertThat(new PoolRulesTest().kinds(ten, "threads")).containsExactly("pool-oversized");
    }

    @Test
    void aBurstThatIsRememberedKeepsItsThreads() {
        story.pool(-20, but("busy", 60));

        assertThat(kinds(IDLE_64, "threads")).isEmpty();
    }

    @Test
    void aBurstBetweenTwoSecondsKeepsItsThreads() {
        Story bursts = new Story();
        for (int second = 0; second < 10; second++) {
            bursts.pool(second + 0.5, but("busyMost", 50));
        }
        assertThat(bursts.kinds(0, 10)).isEmpty();
    }

    @Test
    void workOfUnknownKindThatQueuesInAPoolForStealingWorkIsUnknown() {
        Map<String, Number> busy = Map.of(
                "size",
                2,
                "busy",
                2,
                "arrivals",
                96,
                "depth",
                90,
                "queueMillis",
                900,
                "cpuShare",
                Double.NaN,
                "timed",
                0);
        assertThat(kinds(busy, "fork-join")).isEmpty();

        Stack load = Story.stack("com.acme.Shop.load", "java.util.stream.AbstractTask.compute");
        Story known = new Story(); // the operating system says that the threads hardly want a core
        for (int second = 0; second < 10; second++) {
            known.tell(PoolFigures.of(busy).type("fork-join").at(second + 0.5));
            known.states(second + 0.5, Map.of("worker-1", 'S', "worker-2", 'S'));
            for (String worker : List.of("worker-1", "worker-2")) {
                known.did(second + 0.9, 800, worker, Fact.ActivityKind.SLEEP, load);
            }
            known.tell(new Fact.OsUsage(
                    Story.at(second + 1),
                    Duration.ofSeconds(1),
                    List.of(
                            new Fact.OsThread(Story.thread("worker-1").osId(), 10_000_000, 0, 1, 1),
                            new Fact.OsThread(Story.thread("worker-2").osId(), 10_000_000, 0, 1, 1)),
                    -1,
                    -1));
        }
        assertThat(known.kinds(0, 10)).containsExactly("pool-undersized");
        assertThat(known.check(0, 10).found().get(0).title()).endsWith(" threads or more.");
    }

    @Test
    void threadsThatStandInLineNeedNoCompany() {
        for (double line : new double[] {100, 900}) {
            Story waiting = new Story();
            for (int i = 0; i < 10; i++) {
                waiting.pool(
                        i + 0.5,
                        Map.of(
                                "size",
                                1,
                                "busy",
                                1,
                                "depth",
                                9,
                                "arrivals",
                                10,
                                "serviceMillis",
                                100,
                                "queueMillis",
                                900));
                waiting.states(i, Map.of("worker-1", 'L'));
                waiting.totals(i + 0.5, Story.LOCK, 1, line, 1, 900);
                waiting.wait(
                        i + 0.95,
                        line,
                        WaitKind.LOCK,
                        Story.LOCK,
                        "worker-1",
                        "other",
                        "other",
                        Story.stack("com.acme.Cache.get"),
                        true);
            }
            assertThat(waiting.kinds(0, 10).contains("pool-undersized")).isEqualTo(line < 500);
        }
    }

    @Test
    void tasksThatTheirSubmittersRunThemselvesAskForThreadsToo() {
        for (boolean full : List.of(false, true)) {
            Story callers = new Story();
            Stack task = Story.stack(
                    "java.lang.Thread.sleep",
                    "com.acme.Report.write",
                    "java.util.concurrent.ThreadPoolExecutor$CallerRunsPolicy.rejectedExecution",
                    "com.acme.Server.accept");
            for (int i = 0; i < 10; i++) {
                callers.pool(
                        i + 0.5,
                        Map.of(
                                "size",
                                2,
                                "busy",
                                2,
                                "arrivals",
                                20,
                                "serviceMillis",
                                100,
                                "queueMillis",
                                400,
                                "depth",
                                2,
                                "capacity",
                                full ? 2 : 9));
                callers.did(i + 0.95, 900, "acceptor-1", Fact.ActivityKind.SLEEP, task);
                callers.did(i + 0.95, 900, "acceptor-2", Fact.ActivityKind.SLEEP, task);
            }
            Finding.PoolUndersized found =
                    (Finding.PoolUndersized) callers.check(0, 10).found().get(0);
            assertThat(found.enough()).isEqualTo(full ? 5 : 4);
            assertThat(found.text().why().contains("By CallerRunsPolicy 1.8 more threads run tasks"))
                    .isEqualTo(full);
        }
    }

    @Test
    void anUnreachableMaximumIsSaid() {
        Story story = new Story();
        for (int i = 0; i < 10; i++) {
            story.pool(
                    i + 0.5,
                    Map.of(
                            "size",
                            2,
                            "max",
                            50,
                            "busy",
                            2,
                            "depth",
                            9,
                            "arrivals",
                            20,
                            "serviceMillis",
                            100,
                            "queueMillis",
                            450));
        }
        assertThat(story.check(0, 10).found().get(0).details().text().why())
                .contains("Its maximum of 50 threads is not reached")
                .endsWith("only when the queue is full, and it has no bound.");
    }

    private static Fact.QueueTotals handOff(double at, double putMillis, double takeMillis) {
        return new Fact.QueueTotals(
                Story.at(at),
                Duration.ofSeconds(1),
                Story.OTHER,
                0,
                0,
                10,
                Story.millis(putMillis),
                Histogram.EMPTY,
                10,
                Story.millis(takeMillis),
                Histogram.EMPTY,
                Duration.ZERO,
                null);
    }

    @Test
    void producersThatWaitAtAHandOffHaveTooFewConsumers() {
        Story waiting = new Story();
        Story balanced = new Story();
        for (int i = 0; i < 10; i++) {
            waiting.tell(handOff(i + 0.5, 900, 10));
            balanced.tell(handOff(i + 0.5, 400, 500));
        }

        assertThat(waiting.kinds(0, 10)).containsExactly("queue-backlog");
        assertThat(waiting.check(0, 10).found().get(0).title()).contains("hand over");
        assertThat(balanced.kinds(0, 10)).isEmpty();
    }

    /** Four threads, and every five seconds a hundred tasks at once, which the queue holds for two of them. */
    private static Map<String, Number> burst(int second, int depth, double cpuShare) {
        boolean works = second % 5 < 2;
        Map<String, Number> figures = new LinkedHashMap<>(Map.of("size", 4, "busy", works ? 4 : 0));
        figures.put("arrivals", works ? 50 : 0);
        figures.put("depth", works ? depth : 0);
        figures.put("timed", works ? 25 : 0);
        figures.put("serviceMillis", 50);
        figures.put("cpuShare", cpuShare);
        return figures;
    }

    private static List<Finding> bursts(int depth, double cpuShare) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, burst(second, depth, cpuShare));
        }
        return story.check(0, 10).found().stream()
                .filter(each -> each.kind() == Kind.POOL_UNDERSIZED)
                .toList();
    }

    @Test
    void tasksOfABurstWaitThoughTheThreadsIdleLater() {
        List<Finding> found = bursts(60, 0.01);

        assertThat(found).hasSize(1);
        assertThat(found.get(0).text().what())
                .startsWith("Tasks of worker-# come in bursts: they wait 1.2 s for one of its 4 threads and run 50 ms")
                .endsWith("busy for only 40 % of the time.");
        assertThat(found.get(0).text().change()).startsWith("Set corePoolSize and maximumPoolSize 8 for worker-#");
    }

    @Test
    void aBurstThatIsSoonDoneOrKeepsTheCoresBusyNeedsNoThreads() {
        assertThat(bursts(20, 0.01)).isEmpty();
        assertThat(bursts(60, 0.9)).isEmpty();
    }

    /** The model, which takes arrivals to come in bursts, has them wait longer with five threads than they do with four. */
    @Test
    void whereTheModelIsWrongAsManyThreadsAreAdvisedAsTasksRunOrWait() {
        Map<String, Number> figures = new LinkedHashMap<>(Map.of("size", 4, "busy", 4, "busyMean", 3.7));
        figures.putAll(Map.of("arrivals", 50, "serviceMillis", 73, "queueMillis", 105, "cpuShare", 0.001));
        for (int second = 0; second < 10; second++) {
            figures.put("depth", second % 2 * 5);
            story.tell(PoolFigures.of(figures)
                    .samples(new PoolSamples(5, Duration.ofSeconds(1), 50, 4, 7_400, 0))
                    .at(second + 0.5));
        }

        assertThat(story.check(0, 10).found())
                .extracting(each -> each.text().what())
                .containsExactly(
                        "Tasks of worker-# wait 105 ms for one of its 4 threads and run 73 ms; 7 threads would do.");
    }

    @Test
    void threadsThatARequestUsesAtOnceAreNotTooMany() {
        assertThat(volley(1).kinds(0, 10)).containsExactly("pool-oversized");
        assertThat(volley(16).kinds(0, 10)).isEmpty();
    }

    /** 24 tasks a second for 16 threads, so many of them at once; no look met a thread that was busy. */
    private static Story volley(int together) {
        Story story = new Story();
        double squares = 24.0 * together / 0.2; // of each look that met some, ÷ its length
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(Map.of("size", 16, "busy", 0, "busyMean", 0.2, "arrivals", 24))
                    .samples(new PoolSamples(5, Duration.ofSeconds(1), 24, 0, squares, 0))
                    .at(second + 0.5));
        }
        return story;
    }
}
