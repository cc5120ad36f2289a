// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TargetTest {
    @Test
    void aThreadIsNoProcess() throws IOException {
        long own = ProcessHandle.current().pid();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            long thread = threads.mapToLong(
                            each -> Long.parseLong(each.getFileName().toString()))
                    .filter(each -> each != own)
                    .findFirst()
                    .orElseThrow();

            AttachException refused = catchThrowableOfType(AttachException.class, () -> Target.ofPid(thread));

            assertThat(refused).hasMessage(thread + " is not a process but a thread of process " + own + ".");
        }
    }

    @Test
    void theAgentLineIsGivenWhereItHelps() throws IOException {
        Target target = new Target(
                new Jvm(
                        ProcessHandle.current().pid(),
                        "com.acme.Main",
                        "17",
                        "alice",
                        1000,
                        Duration.ZERO,
                        false,
                        null),
                new ProcFolder(ProcessHandle.current().pid()).startTicks());

        assertThat(target.failure("it is so", null).advice())
                .startsWith("Start it with the agent instead: java -javaagent:");
        assertThat(target.failure(new Obstacle("it is another's", Obstacle.Cure.BE_ITS_USER), null)
                        .advice())
                .startsWith("Run lockjam as that user: sudo -u alice lockjam attach ")
                .contains("-javaagent:");
        assertThat(target.failure(new Obstacle(Obstacles.STOPPED, Obstacle.Cure.NONE), null)
                        .advice())
                .isNull();
    }
}
