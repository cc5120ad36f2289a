// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LoadRulesTest {
    private static Story pool(Map<String, Number> figures) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, figures);
        }
        return story;
    }

    @Test
    void manyThreadsForFewTasksAreTooMany() {
        Findings findings = pool(Map.of("size", 64, "busy", 3, "arrivals", 50, "serviceMillis", 40))
                .check(0, 10);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_OVERSIZED);
        assertThat(findings.found().get(0).title()).contains("64 threads");
        assertThat(((Finding.PoolOversized) findings.found().get(0)).enough()).isBetween(2, 8);
    }

    @Test
    void aPoolWithoutLoadIsUnknown() {
        Findings findings = pool(Map.of("size", 64, "busy", 0, "arrivals", 0)).check(0, 10);

        assertThat(findings.found()).isEmpty();
        assertThat(findings.unknown()).extracting(Verdict.NotEnoughData::kind).contains(Kind.POOL_OVERSIZED);
    }

    @Test
    void cpuWorkOnManyThreadsIsTooManyHoweverBusy() {
        assertThat(pool(Map.of("size", 32, "busy", 32, "arrivals", 200, "serviceMillis", 160, "cpuShare", 0.0625))
                        .kinds(0, 10))
                .contains("pool-oversized");
    }

    @Test
    void aPoolThatWaitsForCoresThatOthersUseIsNotTooLarge() {
        assertThat(pool(Map.of("size", 32, "busy", 32, "arrivals", 25, "serviceMillis", 160, "cpuShare", 0.0625))
                        .kinds(0, 10))
                .doesNotContain("pool-oversized");
    }

    @Test
    void aPoolIsNotTooLargeWhereOtherProgramsTakeMostOfTheCores() {
        Map<String, Number> figures =
                Map.of("size", 32, "busy", 32, "arrivals", 55, "serviceMillis", 160, "cpuShare", 0.0625);
        Story alone = pool(figures);
        Story crowded = pool(figures);
        for (int second = 0; second < 10; second++) {
            alone.tell(new Fact.CpuLoad(Story.at(second + 0.5), 0.28, 0.3));
            crowded.tell(new Fact.CpuLoad(Story.at(second + 0.5), 0.28, 1.0));
        }

        assertThat(alone.kinds(0, 10)).contains("pool-oversized");
        assertThat(crowded.kinds(0, 10)).doesNotContain("pool-oversized");
    }

    @Test
    void tasksThatQueueForBusyThreadsAskForMore() {
        Map<String, Number> figures = Map.of(
                "size",
                4,
                "busy",
                4,
                "arrivals",
                96,
                "serviceMillis",
                40,
                "queueMillis",
                900,
                "depth",
                90,
                "cpuShare",
                0.02);

        Story story = new Story();
        for (int second = 0; second < 10; second++) { // an open stream: the queue is longer now, shorter then
            Map<String, Number> now = new LinkedHashMap<>(figures);
            now.put("depth", 90 + 12 * (second % 3 - 1));
            story.pool(second + 0.5, now);
        }
        Findings findings = story.check(0, 10);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_UNDERSIZED);
        assertThat(((Finding.PoolUndersized) findings.found().get(0)).enough()).isBetween(5, 9);
    }

    /** Four threads with tasks of 40 ms, and so many nanoseconds of each second in the run queue. */
    private static Story computing(long queued) {
        Story story = new Story();
        List<String> workers = List.of("worker-1", "worker-2", "worker-3", "worker-4");
        Map<String, Number> tasks =
                Map.of("size", 4, "busy", 4, "serviceMillis", 40, "queueMillis", 900, "cpuShare", 0.1);
        for (int second = 0; second < 10; second++) {
            Map<String, Number> now = new LinkedHashMap<>(tasks);
            now.putAll(Map.of("arrivals", 96, "depth", 90 + 12 * (second % 3 - 1)));
            story.pool(second + 0.5, now);
            story.states(second + 0.5, workers.stream().collect(Collectors.toMap(name -> name, name -> 'R')));
            Instant at = Story.at(second + 0.5);
            workers.forEach(name -> story.tell(new Fact.ThreadCpu(at, Story.thread(name), 0.1, 0)));
            story.tell(new Fact.OsUsage(
                    at,
                    Duration.ofSeconds(1),
                    workers.stream()
                            .map(name -> new Fact.OsThread(Story.thread(name).osId(), 100_000_000, queued, 1, 1))
                            .toList(),
                    -1,
                    2));
        }
        return story;
    }

    @Test
    void threadsThatStandInLineForACoreAreNotTooFew() {
        assertThat(computing(100_000_000).kinds(0, 10)).contains("pool-undersized");
        assertThat(computing(800_000_000).kinds(0, 10)).doesNotContain("pool-undersized");
    }

    @Test
    void moreThreadsDoNotHelpWhenTheCoresAreUsedUp() {
        Map<String, Number> figures = Map.of(
                "size",
                2,
                "busy",
                2,
                "arrivals",
                50,
                "serviceMillis",
                40,
                "queueMillis",
                900,
                "depth",
                90,
                "cpuShare",
                1.0);

        assertThat(pool(figures).kinds(0, 10)).doesNotContain("pool-undersized");
    }

    @Test
    void rejectionsAndGrowthAreTold() {
        assertThat(pool(Map.of("rejections", 3)).kinds(0, 10)).containsExactly("pool-rejections");
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(
                    second + 0.5, Map.of("depth", 200 + 50 * second, "arrivals", 150, "completions", 100, "busy", 3));
        }
        assertThat(story.kinds(0, 10)).containsExactly("pool-queue-growth");
    }

    @Test
    void aPoolInWhichNoTaskEndsIsToldToLetThemGiveUp() {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(
                    second + 0.5,
                    Map.of("depth", 200 + 50 * second, "arrivals", 50, "completions", 0, "size", 2, "busy", 2));
        }
        Finding stands = story.check(0, 10).found().get(0);

        assertThat(stands.kind()).isEqualTo(Kind.POOL_QUEUE_GROWTH);
        assertThat(stands.text().why()).contains("none has ended");
        assertThat(stands.text().change()).contains("give up after a time");
        assertThat(stands.text().expect()).contains("2 ÷ t");
    }

    @Test
    void refusedTasksCountAsWorkThatIsWanted() {
        Map<String, Number> busy =
                Map.of("size", 3, "busy", 3, "arrivals", 100, "serviceMillis", 30, "capacity", 10, "depth", 10);
        Map<String, Number> refusing = new LinkedHashMap<>(busy);
        refusing.put("rejections", 130);
        Finding refused = pool(refusing).check(0, 10).found().stream()
                .filter(found -> found.kind() == Kind.POOL_REJECTIONS)
                .findFirst()
                .orElseThrow();

        assertThat(refused.text().expect()).contains("230 tasks a second of 30 ms each keep 7 threads busy");
    }

    @Test
    void oneSubmitterThatTriesAgainAndAgainIsNotManyTasks() {
        Map<String, Number> figures = new LinkedHashMap<>(Map.of("size", 3, "busy", 3, "arrivals", 100));
        figures.putAll(Map.of("serviceMillis", 30, "capacity", 10, "depth", 10, "rejections", 90_000));

        assertThat(pool(figures).check(0, 10).found())
                .extracting(found -> found.text().expect())
                .noneMatch(text -> text.contains("90,"));
    }

    @Test
    void aBurstThatIsWorkedOffIsNoGrowth() {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, Map.of("depth", 900 - 80 * second, "arrivals", 100, "busy", 3));
        }
        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void aBurstThatHasJustComeIsNoGrowth() {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.pool(
                    second + 0.5, Map.of("depth", second == 9 ? 500 : 20 * (second % 2), "arrivals", 100, "busy", 3));
        }
        assertThat(story.kinds(0, 10)).isEmpty();
    }

    private static Story starved(int depthStep) {
        Story story = new Story();
        Stack get = Story.stack("java.util.concurrent.FutureTask.get", "com.acme.Report.sum");
        for (int second = 0; second < 10; second++) {
            story.pool(second + 0.5, Map.of("size", 2, "busy", 2, "arrivals", 0, "depth", 20 - depthStep * second));
            story.states(second + 0.5, Map.of("worker-1", 'C', "worker-2", 'C'));
            for (String worker : List.of("worker-1", "worker-2")) {
                story.waitingNow(second + 0.6, worker, 3, WaitKind.FUTURE, Story.OTHER, null, second + 2, false);
                story.seen(second + 0.6, worker, "waiter", "WAITING", get);
            }
        }
        return story;
    }

    @Test
    void tasksThatWaitForTasksBehindThemStarveThePool() {
        Findings findings = starved(0).check(0, 10);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_STARVATION);
        assertThat(findings.found().get(0).text().change()).contains("Report.sum");
    }

    @Test
    void aQueueThatGetsShorterIsNotStarved() {
        assertThat(starved(1).kinds(0, 10)).doesNotContain("pool-starvation");
    }

    private static Story starts(double started, double ended) {
        return starts(started, ended, Story.stack("java.lang.Thread.start", "com.acme.Jobs.run"));
    }

    private static Story starts(double started, double ended, Stack origin) {
        Story story = new Story();
        double owedEnds = 0;
        for (int i = 0; i < started * 10; i++) {
            double at = i / started;
            story.tell(new Fact.ThreadStarted(Story.at(at), Story.thread("job-" + i), null, origin));
            owedEnds += ended / started;
            if (owedEnds >= 1) {
                owedEnds--;
                story.tell(new Fact.ThreadEnded(Story.at(at), Story.thread("job-" + i)));
            }
        }
        return story;
    }

    @Test
    void threadsThatComeAndGoAreChurnAndThoseThatStayALeak() {
        assertThat(starts(20, 20).kinds(0, 10)).containsExactly("thread-churn");
        assertThat(starts(2, 0).kinds(0, 10)).containsExactly("thread-leak");
        assertThat(starts(0.5, 0.5).kinds(0, 10)).isEmpty();
    }

    @Test
    void threadsOfCompletableFutureAreSparedByAnExecutor() {
        Stack origin = Story.stack(
                "java.lang.Thread.start",
                "java.util.concurrent.CompletableFuture$ThreadPerTaskExecutor.execute",
                "org.cache.Loader.reload");

        Finding churn = starts(20, 20, origin).check(0, 10).found().get(0);

        assertThat(churn.text().what()).contains("at Loader.reload");
        assertThat(churn.text().change()).startsWith("Give the asynchronous calls of CompletableFuture");
    }

    @Test
    void threadsThatALibraryStartsAreItsOwn() {
        Stack origin = Story.stack(
                "java.lang.Thread.start", "org.apache.lucene.index.MergeScheduler.merge", "com.acme.Search.commit");

        assertThat(starts(20, 20, origin).check(0, 10).found().get(0).text().change())
                .startsWith("A library starts them at MergeScheduler.merge(")
                .contains("(called from Search.commit(");
    }

    @Test
    void aPoolForEachCallIsToBeKept() {
        Stack origin = Story.stack(
                "java.lang.Thread.start",
                "java.util.concurrent.ThreadPoolExecutor.addWorker",
                "java.util.concurrent.ThreadPoolExecutor.execute",
                "com.acme.Web.page");

        assertThat(starts(20, 20, origin).check(0, 10).found().get(0).text().change())
                .startsWith("Keep one pool for all calls in place of a new one for each at Web.page(");
    }

    @Test
    void threadsThatExceptionsEndAreReplacedByTheirPool() {
        Stack origin = Story.stack(
                "java.util.concurrent.ThreadPoolExecutor.addWorker",
                "java.util.concurrent.ThreadPoolExecutor.processWorkerExit",
                "java.util.concurrent.ThreadPoolExecutor.runWorker");

        Finding churn = starts(20, 20, origin).check(0, 10).found().get(0);

        assertThat(churn.text().what()).contains("exceptions that leave tasks").doesNotContain("addWorker");
        assertThat(churn.text().change()).startsWith("Catch exceptions in the tasks");
    }

    @Test
    void aGroupThatStopsGrowingIsNoLeak() {
        Story story = starts(20, 0);
        assertThat(story.kinds(5, 30)).doesNotContain("thread-leak");
    }

    @Test
    void aLoopThatSleepsIsBlockedAndOneThatSelectsIsNot() {
        Story blocked = new Story();
        Story idle = new Story();
        for (int second = 0; second < 10; second++) {
            blocked.states(second + 0.1, Map.of("nioEventLoopGroup-2-1", 'S'));
            idle.states(second + 0.1, Map.of("nioEventLoopGroup-2-1", 'W'));
            blocked.did(
                    second + 0.5,
                    120,
                    "nioEventLoopGroup-2-1",
                    Fact.ActivityKind.SLEEP,
                    Story.stack("java.lang.Thread.sleep", "com.acme.Handler.read"));
        }

        assertThat(blocked.kinds(0, 10)).containsExactly("event-loop-blocked");
        assertThat(idle.kinds(0, 10)).isEmpty();
    }

    /** Ten threads that want a core all the time, of each second so much on one and so much without. */
    static Story cores(long ranMillis, long queuedMillis) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            List<Fact.OsThread> rows = new ArrayList<>();
            Map<String, Character> states = new LinkedHashMap<>();
            for (int i = 0; i < 10; i++) {
                String name = "forecast-" + i;
                states.put(name, 'R');
                story.tell(new Fact.ThreadCpu(Story.at(second + 0.1), Story.thread(name), 0.1, 0));
                rows.add(new Fact.OsThread(
                        Story.thread(name).osId(), ranMillis * 1_000_000, queuedMillis * 1_000_000, 5, 50));
            }
            story.states(second + 0.2, states);
            story.tell(new Fact.OsUsage(Story.at(second + 0.5), Duration.ofSeconds(1), rows, -1, -1));
        }
        return story;
    }

    @Test
    void moreRunnableThreadsThanCoresAreTold() {
        assertThat(cores(190, 800).kinds(0, 10)).containsExactly("cpu-oversubscribed");
    }

    @Test
    void waitsForCoresThatOtherProgramsUseAreNotOurs() {
        assertThat(cores(50, 200).kinds(0, 10)).isEmpty();
        assertThat(cores(190, 20).kinds(0, 10)).isEmpty();
    }

    @Test
    void aThreadFoundInYieldAgainAndAgainSpins() {
        Story spinning = cores(950, 20);
        Story passing = cores(950, 20);
        Stack yield = Story.stack("java.lang.Thread.yield", "com.acme.Gate.await");
        for (int second = 0; second < 10; second++) {
            spinning.seen(second + 0.3, "forecast-1", "yields", "RUNNABLE", yield);
        }
        passing.seen(2.3, "forecast-1", "yields", "RUNNABLE", yield);

        assertThat(spinning.kinds(0, 10)).contains("busy-wait");
        assertThat(passing.kinds(0, 10)).doesNotContain("busy-wait");
    }
}
