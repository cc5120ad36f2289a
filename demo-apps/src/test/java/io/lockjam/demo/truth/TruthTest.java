// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.demo.Forked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs that know how long they waited. */
@Timeout(60)
final class TruthTest {
    private static final Set<String> EXCLUSIVE = Set.of("monitor", "lock", "write", "read", "class-init");

    @ParameterizedTest
    @EnumSource
    void waitsAndMeasuresIt(Primitive primitive) throws Exception {
        Rounds rounds = run(primitive, Duration.ofMillis(300));
        if (rounds.waits() == 0) {
            rounds = run(primitive, Duration.ofSeconds(5)); // a busy machine: the threads had hardly started
        }
        assertThat(rounds.waits()).isPositive();
        assertThat(rounds.waitedNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(Rounds.HOLD_MILLIS));
        assertThat(rounds.owner().isPresent()).isEqualTo(EXCLUSIVE.contains(primitive.kind()));
    }

    private static Rounds run(Primitive primitive, Duration length) throws Exception {
        Rounds rounds = new Rounds(Rounds.platform("truth"), length);
        primitive.start(rounds);
        rounds.join();
        return rounds;
    }

    @Test
    void waitsForALineBeforeItStarts() throws Exception {
        try (Forked run = Forked.start(Truth.class, "reentrant-lock", "platform", "1")) {
            assertThat(run.await(line -> line.startsWith("ready "))).isNotNull();
            run.sendLine();
            assertThat(run.lines())
                    .singleElement()
                    .asString()
                    .matches(
                            "\\{\"primitive\": \"reentrant-lock\", \"kind\": \"lock\", \"class\": \"ReentrantLock\", \"threads\": \"platform\", "
                                    + "\"waits\": [0-9]+, \"waitedNanos\": [0-9]+, \"owner\": \"truth-1\", "
                                    + "\"from\": \"[^\"]+\", \"to\": \"[^\"]+\"}");
            assertThat(run.status()).isZero();
        }
    }

    @Test
    void waitsForAFileBeforeItStarts(@TempDir Path folder) throws Exception {
        Path go = folder.resolve("go");
        try (Forked run = Forked.start(Truth.class, "semaphore", "platform", "1", go.toString())) {
            assertThat(run.await(line -> line.startsWith("ready "))).isNotNull();
            Files.createFile(go);
            assertThat(run.lines()).singleElement().asString().contains("\"owner\": null");
        }
    }

    @Test
    void refusesAPrimitiveItDoesNotKnow() throws Exception {
        try (Forked run = Forked.start(Truth.class, "abacus", "platform", "1")) {
            assertThat(run.status()).isEqualTo(Truth.USAGE);
            assertThat(run.errors()).contains("abacus");
        }
    }
}
