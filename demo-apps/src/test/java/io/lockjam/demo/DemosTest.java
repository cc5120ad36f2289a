// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs every demo in a JVM of its own. */
@Timeout(90)
final class DemosTest {
    private static final Pattern LINE = Pattern.compile(".+; .+: ([0-9,]+)");
    /** 128 and SIGTERM. */
    private static final int TERMINATED = 143;
    /** Need a JDK or rights that not every machine has. */
    private static final Set<Demo> CHOOSY =
            EnumSet.of(Demo.DEADLOCK_VIRTUAL, Demo.PINNED_CARRIER, Demo.CARRIERS_BUSY, Demo.CPU_THROTTLED);
    /** Their cure is free of the trouble; the others' figures are times and counts that depend on the machine. */
    private static final Set<Demo> EXACT = EnumSet.of(
            Demo.THREAD_LEAK,
            Demo.CONDITION_QUEUE,
            Demo.LOST_WAKEUP,
            Demo.DEADLOCK,
            Demo.DEADLOCK_VIRTUAL,
            Demo.LOCK_ORDER,
            Demo.SHARED_DATE_FORMAT,
            Demo.UNSAFE_PUBLICATION,
            Demo.DOUBLE_CHECKED_LOCKING,
            Demo.STOP_FLAG,
            Demo.POOL_STARVATION,
            Demo.COMMON_POOL_BLOCKED,
            Demo.EVENT_LOOP_VS_THREADS,
            Demo.LOST_UPDATE,
            Demo.CHECK_THEN_ACT,
            Demo.SHARED_HASHMAP,
            Demo.BUSY_WAIT,
            Demo.SLEEP_POLLING,
            Demo.TOUR);

    @Test
    void endsWithTheProgramThatStartedItIfItIsToldTo() throws Exception {
        try (Forked run = Forked.start(List.of("-Dlockjam.demo.tied=true"), Demos.class, "hot-lock")) {
            assertThat(run.await(line -> !line.isEmpty())).isNotNull();
            run.endInput();
            assertThat(run.status()).isZero();
            assertThat(run.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void showsItsTroubleUntilItIsTerminated(Demo demo) throws Exception {
        try (Forked run = Forked.start(Demos.class, demo.id())) {
            String trouble = run.await(line -> number(line) > 0);
            if (trouble == null) {
                assertRefused(demo, run);
                return;
            }
            run.terminate();
            assertThat(run.status()).isEqualTo(TERMINATED);
            assertThat(run.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsByItselfWithoutTroubleWhenFixed(Demo demo) throws Exception {
        try (Forked run = Forked.start(Demos.class, demo.id(), "fixed", "2")) {
            List<String> lines = run.lines();
            if (run.status() != 0) {
                assertRefused(demo, run);
                return;
            }
            assertThat(run.errors()).isEmpty();
            assertThat(lines).hasSizeGreaterThan(1);
            assertThat(lines.subList(1, lines.size())).allMatch(line -> number(line) >= 0);
            if (EXACT.contains(demo)) {
                assertThat(lines.subList(1, lines.size())).allMatch(line -> number(line) == 0);
            }
        }
    }

    @Test
    void refusesANameItDoesNotKnow() throws Exception {
        try (Forked run = Forked.start(Demos.class, "no-such-demo")) {
            assertThat(run.status()).isEqualTo(Demos.USAGE);
            assertThat(run.errors()).contains("no-such-demo");
        }
    }

    @Test
    void runsTheTourWithoutAName() throws Exception {
        try (Forked run = Forked.start(Demos.class, "1")) {
            assertThat(run.lines()).first().asString().startsWith("tour: ");
            assertThat(run.status()).isZero();
        }
    }

    private static void assertRefused(Demo demo, Forked run) throws InterruptedException {
        assertThat(run.status()).as(run.errors()).isEqualTo(Demos.UNAVAILABLE);
        assertThat(CHOOSY).contains(demo);
        assertThat(run.errors().lines()).singleElement().asString().startsWith(demo.id() + " needs ");
    }

    /** The number at the end of a demo's line; -1 if it is not such a line. */
    private static long number(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() ? Long.parseLong(matcher.group(1).replace(",", "")) : -1;
    }
}
