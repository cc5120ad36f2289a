// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import io.lockjam.window.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schedulers whose tasks start late, and those whose tasks do not. */
class SchedulerRulesTest {
    private static final String STPE = "java.util.concurrent.ScheduledThreadPoolExecutor";
    private static final String TIMER = "java.util.Timer";
    private static final Stack EXPORT = Story.stack("java.lang.Thread.sleep", "com.acme.Reports.export");

    /** Tasks of one second: how long each ran and how late it started, in milliseconds. */
    private static Story story(String type, Map<String, Number> figures, List<Integer> ran, List<Integer> late) {
        Story story = new Story();
        Map<String, Number> all = new LinkedHashMap<>(Map.of("size", 1, "core", 1, "arrivals", ran.size()));
        all.put("timed", ran.size());
        all.put("serviceMillis", mean(ran));
        all.put("queueMillis", mean(late));
        all.putAll(figures);
        for (int second = 0; second < 10; second++) {
            story.tell(
                    scheduled(type, all).spread(histogram(late), histogram(ran)).at(second + 0.5));
            story.states(second, Map.of("worker-1", 'S'));
        }
        return story;
    }

    private static double mean(List<Integer> millis) {
        return millis.stream().mapToInt(each -> each).average().orElse(0);
    }

    private static Histogram histogram(List<Integer> millis) {
        return Histogram.of(millis.stream()
                .mapToLong(each -> Duration.ofMillis(each).toNanos())
                .toArray());
    }

    private static PoolFigures scheduled(String type, Map<String, Number> figures) {
        return PoolFigures.of(figures).of(type, "worker-#", "scheduled");
    }

    @Test
    void springsSettingIsNamedWhereSpringRunsTheTask() {
        Story story = story(STPE, Map.of("busy", 1), List.of(900, 1, 1, 1), List.of(0, 800, 800, 800));
        Stack report = Story.stack(
                "java.lang.Thread.sleep",
                "com.acme.Reports.export",
                "org.springframework.scheduling.support.Runnable.run");
        for (int second = 0; second < 10; second++) {
            story.did(second + 0.95, 900, "worker-1", Fact.ActivityKind.SLEEP, report);
        }
        assertThat(story.check(0, 10).found().get(0).text().change())
                .contains("spring.task.scheduling.pool.size")
                .doesNotContain("corePoolSize");
    }

    /** One task of 900 ms and three quick ones in each second. */
    private static Story oneSlow(String type, int late) {
        Story story = story(
                type,
                Map.of("busy", 1, "busyMean", 0.9, "depth", 3),
                List.of(900, 1, 1, 1),
                List.of(0, late, late, late));
        for (int second = 0; second < 10; second++) {
            story.did(second + 0.95, 900, "worker-1", Fact.ActivityKind.SLEEP, EXPORT);
            story.did(second + 0.99, 60, "worker-1", Fact.ActivityKind.SLEEP, Story.stack("com.acme.Mail.flush"));
        }
        return story;
    }

    @Test
    void theTaskBehindWhichOthersStartLateIsNamed() {
        List<Finding> found = oneSlow(TIMER, 700).check(0, 10).found();

        assertThat(found).hasSize(1); // not the call of 60 ms, nor too few threads
        Text text = found.get(0).details().text();
        assertThat(text.what())
                .startsWith("The scheduler worker-1 sleeps for 900 ms at Reports.export")
                .contains("its other tasks start up to")
                .doesNotContain("event loop");
        assertThat(text.change()).contains("use a ScheduledThreadPoolExecutor with 2 threads");
        assertThat(oneSlow(STPE, 700)
                        .check(0, 10)
                        .found()
                        .get(0)
                        .details()
                        .text()
                        .change())
                .contains("give the scheduler 2 threads (corePoolSize)");
    }

    @Test
    void aSlowTaskThatMakesNobodyLateIsWhatTheSchedulerIsFor() {
        assertThat(oneSlow(TIMER, 1).kinds(0, 10)).isEmpty();
        assertThat(oneSlow(STPE, 1).kinds(0, 10)).isEmpty();
    }

    @Test
    void moreThreadsAreNoAdviceForOneTaskThatIsDueAsSoonAsItEnds() {
        List<Integer> runs = List.of(140, 140, 140, 140, 140, 140, 140);
        for (int depth : List.of(0, 3)) {
            Story story = story(STPE, Map.of("busy", 1, "busyMean", 1, "depth", depth), runs, runs);

            Advice advice = Advice.of(
                    story.session.pools(new Range(Story.at(0), Story.at(10))).get(0));
            assertThat(advice.threads() == 0).as(advice.why()).isEqualTo(depth == 0);
        }
    }

    @Test
    void onASchedulerOfManyShortTasksShortCallsAreNothing() {
        for (int took : List.of(20, 80)) {
            Story story = story(
                    STPE,
                    Map.of("busy", 1, "busyMean", 0.5, "depth", 2),
                    List.of(took, took, 1, 1, 1, 1, 1),
                    List.of(0, 0, 0, 0, 0, took, took));
            for (int second = 0; second < 10; second++) {
                story.did(second + 0.5, took, "worker-1", Fact.ActivityKind.SLEEP, EXPORT);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(took == 80);
        }
    }

    @Test
    void manyTasksThatRunSeldomAreNotLateByASecond() {
        Story story = story(
                STPE,
                Map.of("busy", 1, "busyMean", 0.5, "depth", 40),
                List.of(900, 1, 1, 1),
                List.of(0, 700, 700, 700));
        for (int second = 0; second < 10; second++) {
            story.did(second + 0.95, 900, "worker-1", Fact.ActivityKind.SLEEP, EXPORT);
        }
        assertThat(story.kinds(0, 10)).isEmpty();
    }

    /** Tasks of 300 ms fill the only thread; in ten seconds there are too few of them for a model. */
    private static Story overloaded(String type, int tasks) {
        List<Integer> ran = new ArrayList<>(Collections.nCopies(tasks, 1_000 / tasks));
        return story(
                type,
                Map.of("busy", 1, "busyMean", 1, "depth", 4),
                ran,
                new ArrayList<>(Collections.nCopies(tasks, 600)));
    }

    @Test
    void aSchedulerWithoutATimeToSpareNeedsThreads() {
        for (int tasks : List.of(1, 5)) {
            Text timer = overloaded(TIMER, tasks)
                    .check(0, 10)
                    .found()
                    .get(0)
                    .details()
                    .text();
            assertThat(timer.what()).contains("start 600 ms late, because they wait for its one thread");
            assertThat(timer.change()).startsWith("Use a ScheduledThreadPoolExecutor with");
            Text pool = overloaded(STPE, tasks)
                    .check(0, 10)
                    .found()
                    .get(0)
                    .details()
                    .text();
            assertThat(pool.change()).startsWith("Set corePoolSize ").doesNotContain("maximum");
        }
    }

    @Test
    void tasksThatAreNotDueDoNotGrowWithoutEnd() {
        for (double busy : new double[] {0.1, 1}) {
            Story story = new Story();
            for (int second = 0; second < 10; second++) {
                story.tell(scheduled(
                                STPE,
                                Map.of(
                                        "size",
                                        1,
                                        "core",
                                        1,
                                        "busy",
                                        1,
                                        "busyMean",
                                        busy,
                                        "depth",
                                        400 * second,
                                        "arrivals",
                                        20))
                        .at(second + 0.5));
            }
            assertThat(story.kinds(0, 10).contains("pool-queue-growth")).isEqualTo(busy == 1);
        }
    }

    @Test
    void aTaskThatRunsLongerThanItsPeriodWaitsForItselfOnly() {
        List<Integer> once = List.of(4_000, 0, 0, 0);
        Story alone = story(STPE, Map.of("busy", 1, "depth", 0), List.of(450, 450, 450, 450), once);
        alone.did(5.5, 450, "worker-1", Fact.ActivityKind.SLEEP, EXPORT);
        List<Finding> found = alone.check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.EVENT_LOOP_BLOCKED);
        assertThat(found.get(0).text().what())
                .startsWith("The periodic task of worker-# runs 450 ms, longer than its period");
        assertThat(found.get(0).text().change()).contains("More threads do not help");

        Story inTime = story(STPE, Map.of("busy", 1, "depth", 0), List.of(450, 450), List.of(0, 0));
        assertThat(inTime.kinds(0, 10)).as("begins again after a delay").isEmpty();
        Story others = story(STPE, Map.of("busy", 1, "depth", 3), List.of(450, 450, 450, 450), once);
        assertThat(others.check(0, 10).found())
                .noneMatch(each -> each.text().what().contains("longer than its period"));
    }

    /** Its triggers are not in a queue of the pool, so an empty one does not tell that the job is the only one. */
    @Test
    void jobsOfQuartzThatStartLateNeedThreads() {
        Story story = story(
                "org.quartz.simpl.SimpleThreadPool",
                Map.of("busy", 1, "depth", 0),
                List.of(250, 250, 250, 250),
                List.of(900, 900, 900, 900));

        List<Finding> found = story.check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.POOL_UNDERSIZED);
        assertThat(found.get(0).text().change()).startsWith("Set org.quartz.threadPool.threadCount ");
    }

    @Test
    void tasksOfTwoThreadsThatLongOnesKeepStartLateThoughTheThreadsAreIdleAtTimes() {
        Map<String, Number> two =
                Map.of("size", 2, "core", 2, "busy", 2, "busyMean", 1.5, "cpuShare", 0.01, "arrivals", 40);
        List<Integer> ran = List.of(900, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        Story late = story(STPE, two, ran, List.of(0, 600, 600, 600, 600, 600, 600, 600, 600, 600));
        Story prompt = story(STPE, two, ran, List.of(0, 5, 5, 5, 5, 5, 5, 5, 5, 5));

        assertThat(late.check(0, 10).found())
                .singleElement()
                .extracting(each -> each.text().what())
                .asString()
                .startsWith("Tasks of worker-# start 540 ms late");
        assertThat(prompt.kinds(0, 10)).isEmpty();
    }
}
