// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.WaitKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The repository of a running JVM, read from outside until that JVM is killed. */
class LiveSourceTest {
    static Stream<Path> javaHomes() throws IOException {
        return Recordings.javaHomes();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void tellsWaitsUntilTheTargetIsKilledAndThenItsEnd(Path javaHome) throws Exception {
        Process target = Recordings.start(javaHome);
        try (BufferedReader out = target.inputReader()) {
            Path repository = Path.of(out.readLine());
            CountDownLatch waits = new CountDownLatch(20);
            CompletableFuture<LiveSource.End> end = new CompletableFuture<>();

            LiveSource source = LiveSource.start(
                    repository,
                    null,
                    target::isAlive,
                    fact -> {
                        if (fact instanceof Fact.WaitEnded wait && wait.kind() == WaitKind.MONITOR) {
                            waits.countDown();
                            throw new IllegalStateException("a fault of the consumer must not end the stream");
                        }
                    },
                    end::complete);
            try (source) {
                assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
                target.destroyForcibly().waitFor();
                assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(LiveSource.End.TARGET_ENDED);
            }
        } finally {
            target.destroyForcibly();
        }
    }
}
