// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Virtual threads that could run, two carriers, and who has them. */
class CarriersBusyRuleTest {
    private static final String CARRIER = "ForkJoinPool-1-worker-";

    private final Story story = new Story();

    /** Ten seconds in which the carriers used so much of a core each, had to wait for one as long, or neither. */
    private void carriers(int busy, int waiting, long ranMillis, long queuedMillis) {
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(Map.of("size", 2, "max", 2, "busy", busy, "depth", waiting, "timed", 0))
                    .of("java.util.concurrent.ForkJoinPool", CARRIER + "#", "carriers")
                    .at(second + 0.5));
            story.states(second + 0.2, Map.of(CARRIER + 1, 'R', CARRIER + 2, 'R'));
            story.tell(new Fact.OsUsage(
                    Story.at(second + 0.5),
                    Duration.ofSeconds(1),
                    List.of(used(CARRIER + 1, ranMillis, queuedMillis), used(CARRIER + 2, ranMillis, queuedMillis)),
                    -1,
                    -1));
        }
        for (int carrier = 1; carrier <= 2; carrier++) {
            story.tell(new Fact.ThreadCpu(Story.at(0.1), Story.thread(CARRIER + carrier), 0.1, 0));
        }
    }

    private static Fact.OsThread used(String thread, long ranMillis, long queuedMillis) {
        return new Fact.OsThread(Story.thread(thread).osId(), ranMillis * 1_000_000, queuedMillis * 1_000_000, 5, 5);
    }

    /** Each second a sample of every 20 ms, of so many virtual threads in turn. */
    private void samples(int threads) {
        for (int sample = 0; sample < 500; sample++) {
            story.tell(new Fact.Activity(
                    Story.at(sample * 0.02 + 0.01),
                    Story.millis(20),
                    new ThreadRef(1000 + sample % threads, "", true, -1),
                    Fact.ActivityKind.RUNNING,
                    Story.stack("com.acme.Sums.add", "com.acme.Report.monthly", "com.acme.Report.lambda$run$0"),
                    null));
        }
    }

    @Test
    void threadsThatComputeForLongAreNamed() {
        carriers(2, 40, 950, 20);
        samples(5);

        Finding found = story.check(0, 10).found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.CPU_OVERSUBSCRIBED);
        assertThat(found.text().what())
                .startsWith("40 virtual threads could run but have no carrier")
                .contains("most at Sums.add(Sums.java:27), for Report.monthly(Report.java:33).");
        assertThat(found.text().why()).contains("5 threads do so for 200 ms and more, 2 s at the longest");
        assertThat(found.text().change())
                .startsWith("Run Report.monthly(Report.java:33) in a pool of 2 platform threads of its own");
    }

    @Test
    void manyShortOnesAreToldAsSuch() {
        carriers(2, 40, 950, 20);
        samples(500);

        assertThat(story.check(0, 10).found().get(0).text().change()).startsWith("Let at most 2 run Report.monthly");
    }

    @Test
    void shortOnesWhileOtherProgramsHaveTheCoresAreNotOurs() {
        carriers(2, 40, 200, 780);
        samples(500);

        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void carriersThatStandDoNotCompute() {
        carriers(2, 40, 10, 5);
        samples(5);

        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void aCarrierThatIsFreeHoldsNobodyUp() {
        carriers(1, 40, 950, 20);
        samples(5);

        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void nobodyIsHeldUpWhereNobodyWaits() {
        carriers(2, 0, 950, 20);
        samples(5);

        assertThat(story.kinds(0, 10)).isEmpty();
    }
}
