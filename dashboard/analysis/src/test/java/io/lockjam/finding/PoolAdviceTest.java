// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.PoolSamples;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Range;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is advised for loads that are no steady stream of independent tasks. */
class PoolAdviceTest {
    private static final int SECONDS = 20;

    private final Story story = new Story();
    private final Random random = new Random(3);

    private PoolWindow window() {
        return story.session.pools(new Range(Story.at(0), Story.at(SECONDS))).get(0);
    }

    private Advice advice() {
        return Advice.of(window());
    }

    private void second(double at, Map<String, Number> more) {
        Map<String, Number> figures = new LinkedHashMap<>(
                Map.of("size", 4, "busy", 4, "arrivals", 96, "serviceMillis", 40, "cpuShare", 0.02));
        figures.putAll(more);
        story.pool(at, figures);
    }

    @Test
    void clientsThatWaitForTheirRepliesAreRecognised() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("depth", 8 + i % 2, "queueMillis", 80)); // twelve or thirteen in the pool, always
        }

        assertThat(advice().closedLoop()).isTrue();
        assertThat(advice().doubt()).contains("wait for their replies");
        assertThat(advice().why()).contains("submitters that wait for their replies");
        assertThat(advice().threads()).isBetween(11, 13);
        assertThat(advice().at(4).queueWaitMeanMs()).isCloseTo(80, within(20.0));
    }

    /** Sixteen clients of four threads that are always busy; how many of them think moves the queue. */
    @Test
    void clientsOfThreadsThatAreAlwaysBusyAreRecognisedThoughTheyThink() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("depth", 9 + 3 * (i % 2), "queueMillis", 100));
        }

        assertThat(advice().closedLoop()).isTrue();
        assertThat(advice().threads()).isBetween(13, 15);
        assertThat(advice().why()).contains("= 3.8 busy threads (Little's law)");
    }

    /** The attach stops all threads for a moment, and the last second may be cut off where most clients think. */
    @Test
    void oneStrangeSecondHidesNoClients() {
        for (int strange : List.of(0, 7, SECONDS - 1)) {
            Story other = new Story();
            for (int i = 0; i < SECONDS; i++) {
                int depth = i == strange ? 0 : 8 + i % 2;
                other.pool(
                        i + 0.5,
                        Map.of(
                                "size",
                                4,
                                "busy",
                                4,
                                "arrivals",
                                96,
                                "serviceMillis",
                                40,
                                "cpuShare",
                                0.02,
                                "depth",
                                depth,
                                "queueMillis",
                                80));
            }
            PoolWindow pool = other.session
                    .pools(new Range(Story.at(0), Story.at(SECONDS)))
                    .get(0);

            assertThat(Advice.of(pool).closedLoop()).as("second " + strange).isTrue();
        }
    }

    @Test
    void aQueueThatGrowsSteadilyIsAnOpenStream() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("depth", 1 + 3 * i, "queueMillis", 500));
        }

        assertThat(advice().closedLoop()).isFalse();
    }

    @Test
    void oneBusyThreadIsOne() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("size", 1, "busy", 1, "arrivals", 25, "depth", 6 + i % 2, "queueMillis", 250));
        }

        assertThat(advice().why()).contains("= 1 busy thread (Little's law)");
    }

    @Test
    void aQueueThatMovesWithItsArrivalsIsAnOpenStream() {
        int depth = 50;
        for (int i = 0; i < SECONDS; i++) {
            depth = Math.max(0, depth + (int) Math.round(random.nextGaussian() * Math.sqrt(96)));
            second(i + 0.5, Map.of("depth", depth, "queueMillis", 500));
        }

        assertThat(advice().closedLoop()).isFalse();
        assertThat(advice().threads()).isEqualTo(5);
    }

    @Test
    void aFullQueueSaysNothingOfWhatWouldCome() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("depth", 10, "capacity", 10, "queueMillis", 100));
        }

        assertThat(advice().closedLoop()).isFalse();
        assertThat(advice().doubt()).contains("queue was full");
    }

    @Test
    void arrivalsThatBecomeMoreAreDoubted() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("busy", i % 5, "arrivals", i < 10 ? 20 : 90));
        }

        assertThat(advice().doubt()).isEqualTo("arrivals became more meanwhile");
    }

    @Test
    void everyNumberHasASource() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("busy", i % 5));
        }

        assertThat(advice().figures()).hasSizeGreaterThan(6).allSatisfy(figure -> {
            assertThat(figure.value()).isNotBlank();
            assertThat(figure.source()).isNotBlank();
        });
        assertThat(advice().check()).isNull();
    }

    @Test
    void aHandfulOfTimedTasksDoesNotOutweighThreadsThatAreAlwaysBusy() {
        for (int i = 0; i < SECONDS; i++) {
            second(
                    i + 0.5,
                    Map.of("timed", i < 8 ? 1 : 0, "serviceMillis", 20, "arrivals", 40, "depth", 300 + 40 * (i % 3)));
        }

        assertThat(advice().offered()).as("four threads, 40 tasks a second").isCloseTo(4, within(0.1));
        assertThat(advice().threads()).isGreaterThan(4);
        assertThat(advice().figures())
                .filteredOn(figure -> figure.name().startsWith("service time"))
                .singleElement()
                .isEqualTo(new Advice.Figure(
                        "service time S", "100 ms", "threads busy ÷ tasks finished, as too few were timed"));
    }

    /** Four threads that wait for work for so many of the 4,000 ms that they have in a second; the looks saw so many of them busy. */
    private void idle(int millisPerSecond, int busy) {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("busy", busy, "arrivals", 80, "serviceMillis", 25));
            story.tell(new Fact.QueueTotals(
                    Story.at(i + 0.5),
                    Duration.ofSeconds(1),
                    Story.OTHER,
                    -1,
                    0,
                    0,
                    Duration.ZERO,
                    Histogram.EMPTY,
                    0,
                    Duration.ZERO,
                    Histogram.EMPTY,
                    Story.millis(millisPerSecond),
                    window().identity()));
        }
    }

    @Test
    void whatTheThreadsDidNotWaitForWorkTheyWereBusy() {
        idle(1_200, 3);

        assertThat(window().busyMean()).isCloseTo(2.8, within(0.001));
        assertThat(advice().offered()).isCloseTo(2.8, within(0.001));
        assertThat(advice().figures())
                .filteredOn(figure -> figure.name().startsWith("service time"))
                .singleElement()
                .isEqualTo(new Advice.Figure("service time S", "35 ms", "threads busy ÷ tasks finished"));
    }

    @Test
    void waitsThatDoNotFitTheLooksAreOfOtherThreads() {
        idle(3_000, 3);

        assertThat(window().busyMean()).isCloseTo(3, within(0.001));
        assertThat(window().busyExact()).isFalse();
    }

    @Test
    void aPoolThatNoLookFindsBusyIsNot() {
        idle(3_600, 0);

        assertThat(window().busyMean())
                .as("a wait that began before us is not counted")
                .isZero();
    }

    /** Four threads, then six: the wait was predicted for the six. */
    private SizeCheck changed(double measuredMillis, int before, int after) {
        for (int i = 0; i < SECONDS; i++) {
            second(
                    i + 0.5,
                    i < 10
                            ? Map.of("size", before, "busy", i % 4, "depth", 3 * (i % 7), "queueMillis", 60)
                            : Map.of("size", after, "busy", i % 5, "queueMillis", measuredMillis));
        }
        return Objects.requireNonNull(advice().check());
    }

    @Test
    void aPredictionThatHeldIsSaidToHaveHeld() {
        SizeCheck check = changed(3.6, 4, 6);

        assertThat(check.before()).isEqualTo(4);
        assertThat(check.after()).isEqualTo(6);
        assertThat(check.predictedMs()).isCloseTo(3.6, within(1.5));
        assertThat(check.held()).isTrue();
        assertThat(check.sentence()).startsWith("From 4 to 6: predicted").endsWith("the prediction held.");
    }

    @Test
    void aPredictionThatFailedIsSaidToHaveFailed() {
        SizeCheck check = changed(300, 4, 6);

        assertThat(check.held()).isFalse();
        assertThat(check.sentence()).contains("measured 300 ms").endsWith("did not hold.");
    }

    @Test
    void quietSecondsBetweenBurstsCount() {
        for (int i = 0; i <= SECONDS; i += 5) { // nothing is told of the seconds in which nothing happens
            second(i + 0.5, Map.of("arrivals", 50));
        }
        PoolWindow pool =
                story.session.pools(new Range(Story.at(0), Story.at(21))).get(0);

        assertThat(pool.seconds()).isEqualTo(21);
        assertThat(pool.arrivalsPerSecond()).isCloseTo(250 / 21.0, within(0.1));
        assertThat(pool.busyMean()).isCloseTo(4 * 5 / 21.0, within(0.1));
        assertThat(pool.busies()).hasSize(21).endsWith(0, 0, 0, 0, 4);
    }

    @Test
    void theVariationOfArrivalsIsTakenFromEveryLook() {
        tell(5, (5 * 20 * 20 + 5 * 20) / 0.2); // Poisson: the variance of the counts is their mean, 20
        assertThat(window().arrivalVariation()).isCloseTo(1, within(0.05));
    }

    @Test
    void looksThatAreNotEvenDoNotAddToTheVariation() {
        double steady = 100; // a second: none varies, whatever the time between two looks
        tell(4, steady * steady * (0.1 + 0.3 + 0.15 + 0.45));
        assertThat(window().arrivalVariation()).isCloseTo(0, within(0.05));
    }

    private void tell(int looks, double squares) {
        for (int i = 0; i < SECONDS; i++) {
            story.tell(PoolFigures.of(Map.of("arrivals", 100))
                    .samples(new PoolSamples(looks, Duration.ofSeconds(1), 100, 4, squares, 0))
                    .at(i + 0.5));
        }
    }

    @Test
    void whatAnIdleThreadWaitsForACoreIsPartOfEveryWait() {
        tellCores(300_000_000); // as long as the tasks waited in the queue

        assertThat(advice().at(4).queueWaitMeanMs()).isCloseTo(3, within(0.2));
        assertThat(advice().at(8).queueWaitMeanMs()).isCloseTo(3, within(0.2));
    }

    @Test
    void withoutWaitsForACoreAWaitInTheQueueIsNotAHandOver() {
        tellCores(10_000_000);

        assertThat(advice().at(8).queueWaitMeanMs()).isLessThan(0.3);
    }

    /** A hundred tasks a second that compute for 4 ms each on four threads, and wait for 3 ms first. */
    private void tellCores(long queuedNanos) {
        for (int i = 0; i < SECONDS; i++) {
            second(
                    i + 0.5,
                    Map.of("busy", i % 2, "arrivals", 100, "serviceMillis", 4, "cpuShare", 0.99, "queueMillis", 3));
            story.states(i + 0.5, Map.of("worker-1", 'R'));
            story.tell(new Fact.ThreadCpu(Story.at(i + 0.5), Story.thread("worker-1"), 0.1, 0));
            story.tell(new Fact.OsUsage(
                    Story.at(i + 0.5),
                    Duration.ofSeconds(1),
                    List.of(new Fact.OsThread(Story.thread("worker-1").osId(), 400_000_000, queuedNanos, 1, 1)),
                    -1,
                    2));
        }
    }

    @Test
    void theThreadsOfThePoolTellHowLongItsTasksWaitForACore() {
        for (int i = 0; i < SECONDS; i++) {
            second(i + 0.5, Map.of("busy", i % 5));
            story.states(i + 0.5, Map.of("worker-1", 'R'));
            story.tell(new Fact.ThreadCpu(Story.at(i + 0.5), Story.thread("worker-1"), 0.1, 0));
            story.tell(new Fact.OsUsage(
                    Story.at(i + 0.5),
                    Duration.ofSeconds(1),
                    List.of(new Fact.OsThread(Story.thread("worker-1").osId(), 100_000_000, 300_000_000, 1, 1)),
                    -1,
                    1.5));
        }

        assertThat(window().coreWaitRatio()).isCloseTo(3, within(0.01));
        assertThat(window().cores()).isEqualTo(1.5); // the quota, not the two cores of the machine
    }
}
