// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SizingTest {
    private static final double UNKNOWN = Double.NaN;

    /** Poisson arrivals, exponential service of one second, no computing. */
    private static Sizing waits(double arrivals) {
        return Sizing.of(new Load(arrivals, 1, 0, UNKNOWN, 1, 1, 2, 8, 0, 0));
    }

    private static Sizing computes(double arrivals, double service, double share, double coreWaits, int threads) {
        return Sizing.of(new Load(arrivals, service, share, coreWaits, 1, 1, 2, threads, 0, 0));
    }

    @Test
    void withoutComputingItIsErlangC() {
        assertThat(waits(0.5).at(1).queueSeconds()).isCloseTo(1, within(1e-9)); // M/M/1: ρ ÷ (1 − ρ)
        assertThat(waits(1).at(2).queueSeconds()).isCloseTo(1.0 / 3, within(1e-9)); // C(2, 1) = 1/3
        assertThat(waits(8).at(10).allBusy()).isCloseTo(0.4092, within(1e-4)); // C(10, 8) of the tables
        assertThat(waits(8).at(10).queueSeconds()).isCloseTo(0.2046, within(1e-4));
        assertThat(waits(8).at(10).utilisation()).isCloseTo(0.8, within(1e-9));
        assertThat(waits(900).at(1_000).queueSeconds()).isBetween(0.0, 1e-4); // no overflow
    }

    @Test
    void steadyArrivalsAndTasksWaitHalfAsLongAndBurstsLonger() {
        double poisson = waits(8).at(10).queueSeconds();
        double steadyTasks =
                Sizing.of(new Load(8, 1, 0, UNKNOWN, 1, 0, 2, 8, 0, 0)).at(10).queueSeconds();
        double bursts =
                Sizing.of(new Load(8, 1, 0, UNKNOWN, 9, 1, 2, 8, 0, 0)).at(10).queueSeconds();

        assertThat(steadyTasks).isCloseTo(poisson / 2, within(1e-9));
        assertThat(bursts).isBetween(poisson * 5, poisson * 10); // Allen and Cunneen's factor is 5, for a busy pool
    }

    @Test
    void tooFewThreadsNeverKeepUp() {
        assertThat(waits(8).at(8).keepsUp()).isFalse();
        assertThat(waits(8).at(8).tasksPerSecond()).isEqualTo(8);
        assertThat(computes(3, 1, 1, UNKNOWN, 3).at(64).keepsUp()).isFalse(); // three cores' work on two
    }

    @Test
    void recommendsRoomToSpareButNotMuch() {
        assertThat(waits(8).recommended()).isEqualTo(10);
        assertThat(waits(20).recommended()).isEqualTo(23);
        assertThat(waits(0.01).recommended()).isEqualTo(1);
        assertThat(waits(200).recommended()).isEqualTo(230);
    }

    @Test
    void coresCapWhatIsRecommended() {
        assertThat(computes(30, 32, 1.0 / 16, 15, 32).recommended()).isEqualTo(2);
        assertThat(computes(30, 32, 1.0 / 16, 15, 32).cpuBound()).isEqualTo(2);
        // half computing: four threads keep two cores busy only if none ever waits for a core
        assertThat(computes(30, 1, 0.5, 0, 2).recommended()).isBetween(5, 9);
        assertThat(computes(30, 1, 0.5, 0, 2).goetz()).isBetween(4, 6);
    }

    @Test
    void aServiceTimeStretchedByTooManyThreadsIsSeenThrough() {
        // 32 threads take turns on two cores: each task computes 10 ms and takes 160 ms
        Sizing crowded = computes(1_000, 0.160, 0.0625, 15, 32);

        assertThat(crowded.cpuBound()).isEqualTo(2);
        assertThat(crowded.recommended()).isEqualTo(2);
        assertThat(crowded.uncrowdedSeconds()).isCloseTo(0.010, within(0.001));
        assertThat(crowded.at(2).serviceSeconds()).isCloseTo(0.010, within(0.001));
    }

    @Test
    void waitsOfACrowdAreToldFromWaitsForACore() {
        // 32 threads, each task computes 10 ms and waits 50 ms for something else and 100 ms for a core
        Sizing crowded = computes(1_000, 0.160, 0.0625, 10, 32);

        assertThat(crowded.uncrowdedSeconds()).isBetween(0.045, 0.065);
        assertThat(crowded.recommended()).isBetween(10, 16);
    }

    @Test
    void withoutClocksOfCoresTheStretchIsInferred() {
        Sizing inferred = computes(180, 0.0175, 0.57, UNKNOWN, 4);

        assertThat(inferred.uncrowdedSeconds()).isBetween(0.0099, 0.0175);
        assertThat(inferred.at(4).serviceSeconds()).isCloseTo(0.0175, within(0.001));
    }

    @Test
    void theQuotaCountsNotTheCores() {
        Sizing half = Sizing.of(new Load(30, 0.1, 1, 0, 1, 1, 0.5, 1, 0, 0));

        assertThat(half.cpuBound()).isEqualTo(1);
        assertThat(half.at(4).tasksPerSecond()).isCloseTo(5, within(0.01));
    }

    @Test
    void clientsThatWaitForRepliesAreNoOpenStream() {
        Sizing four = Sizing.of(new Load(40, 0.1, 0, UNKNOWN, 1, 1, 2, 2, 0, 4));

        assertThat(four.at(2).queueSeconds()).isCloseTo(0.1, within(1e-9)); // two run, two wait their turn
        assertThat(four.at(4).queueSeconds()).isZero();
        assertThat(four.at(16).queueSeconds()).isZero();
        assertThat(four.recommended()).isEqualTo(4);
    }

    @Test
    void tasksThatFindAThreadIdleAreHandedOver() {
        Sizing idle = Sizing.of(new Load(1, 0.001, 0, UNKNOWN, 1, 1, 2, 8, 0.0001, 0));

        assertThat(idle.at(8).queueSeconds()).isCloseTo(0.0001, within(1e-6));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThatThrownBy(() -> new Load(0, 1, 0, UNKNOWN, 1, 1, 2, 1, 0, 0))
                .hasMessageContaining("arrivalsPerSecond");
        assertThatThrownBy(() -> new Load(Double.POSITIVE_INFINITY, 1, 0, UNKNOWN, 1, 1, 2, 1, 0, 0))
                .hasMessageContaining("arrivalsPerSecond");
        assertThatThrownBy(() -> new Load(1, UNKNOWN, 0, UNKNOWN, 1, 1, 2, 1, 0, 0))
                .hasMessageContaining("serviceSeconds");
        assertThatThrownBy(() -> new Load(1, 1, 1.5, UNKNOWN, 1, 1, 2, 1, 0, 0)).hasMessageContaining("cpuShare");
        assertThatThrownBy(() -> new Load(1, 1, 0, UNKNOWN, 1, 1, 2, 0, 0, 0)).hasMessageContaining("threads");
        assertThatThrownBy(() -> waits(1).at(0)).hasMessageContaining("at least 1");
        assertThat(Sizing.of(new Load(1, 1, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0, 1, 0, 0))
                        .recommended())
                .isEqualTo(2);
    }
}
