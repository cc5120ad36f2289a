// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

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

    /** The request would be a signal that ends it. */
    @Test
    void aProcessThatTakesNoRequestIsNotAsked() throws IOException {
        Process daemon = new ProcessBuilder("sleep", "60").start();
        try {
            Jvm taken = new Jvm(daemon.pid(), "", "", "", 0, Duration.ZERO, false, null);
            Target target = new Target(taken, new ProcFolder(daemon.pid()).startTicks());

            AttachException refused = catchThrowableOfType(AttachException.class, () -> TargetVm.open(target));

            assertThat(refused).hasMessageContaining("does not take the signal");
            assertThat(daemon.isAlive()).isTrue();
            assertThat(new ProcFolder(ProcessHandle.current().pid()).takes(3)).isTrue();
        } finally {
            daemon.destroy();
        }
    }

    /** As in a /tmp that is shared with a container, where a JVM has the same number. */
    @Test
    void performanceDataAloneMakesNoJvm() throws IOException {
        Path folder = Path.of("/tmp", "hsperfdata_" + System.getProperty("user.name"));
        Path own = folder.resolve(Long.toString(ProcessHandle.current().pid()));
        assumeThat(own).isReadable();
        Process daemon = new ProcessBuilder("sleep", "60").start();
        Path foreign = folder.resolve(Long.toString(daemon.pid()));
        try {
            Files.copy(own, foreign);

            assertThat(Jvms.find(daemon.pid())).isEmpty();
        } finally {
            daemon.destroy();
            Files.deleteIfExists(foreign);
        }
    }
}
