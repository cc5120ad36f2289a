// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.ProbeSleep;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JdkActivitiesTest {
    private static final Instant END = Instant.parse("2026-01-01T00:00:10Z");

    /** A sleep that took 200 ms. */
    private record Slept(Duration asked, boolean inProbe) implements EventFields {
        @Override
        public long typeId() {
            return 1;
        }

        @Override
        public Instant end() {
            return END;
        }

        @Override
        public Duration took() {
            return Duration.ofMillis(200);
        }

        @Override
        public long number(String field, long otherwise) {
            return otherwise;
        }

        @Override
        public double real(String field, double otherwise) {
            return otherwise;
        }

        @Override
        public boolean truth(String field, boolean otherwise) {
            return otherwise;
        }

        @Override
        public @Nullable String optionalText(String field) {
            return null;
        }

        @Override
        public Duration span(String field) {
            return field.equals("time") ? asked : Duration.ZERO;
        }

        @Override
        public String className(String field) {
            return "";
        }

        @Override
        public @Nullable ThreadRef thread(String field) {
            return null;
        }

        @Override
        public Stack stack() {
            return Stack.EMPTY;
        }
    }

    private static Fact.Activity read(Duration asked) {
        EventReader.Reading reading =
                Objects.requireNonNull(new JdkActivities().readings().get("jdk.ThreadSleep"));
        return (Fact.Activity) Objects.requireNonNull(reading.read(new Slept(asked, false)));
    }

    @Test
    void aMomentsSleepThatEndsLateSaysWhatItWasAskedFor() {
        assertThat(read(Duration.ofMillis(1)).detail()).isEqualTo("asked for 1 ms");
        assertThat(read(Duration.ofMillis(5)).detail()).isEqualTo("asked for 5 ms");
    }

    @Test
    void aSleepOfAProbeSaysSo() {
        EventReader.Reading reading =
                Objects.requireNonNull(new JdkActivities().readings().get("jdk.ThreadSleep"));
        Fact.Activity slept =
                (Fact.Activity) Objects.requireNonNull(reading.read(new Slept(Duration.ofMillis(1), true)));
        assertThat(ProbeSleep.is(slept)).isTrue();
        assertThat(ProbeSleep.is(read(Duration.ofMillis(1)))).isFalse();

        Frame sleep = new Frame("java.lang.Thread", "sleep", "(J)V", "Thread.java", 1, 1);
        Frame trap = new Frame("io.lockjam.boot.Trap", "sleep", "()V", "Trap.java", 1, 1);
        Frame own = new Frame("com.acme.Shop", "sell", "()V", "Shop.java", 1, 1);
        assertThat(Interner.isInProbe(List.of(sleep, trap, own))).isTrue();
        assertThat(Interner.isInProbe(List.of(sleep, own))).isFalse();
    }

    @Test
    void otherSleepsSayNothing() {
        for (Duration asked : new Duration[] {Duration.ofMillis(150), Duration.ofSeconds(9), Duration.ZERO}) {
            Fact.Activity slept = read(asked); // the second was interrupted
            assertThat(slept.detail()).isNull();
            assertThat(slept.took()).isEqualTo(Duration.ofMillis(200));
        }
    }
}
