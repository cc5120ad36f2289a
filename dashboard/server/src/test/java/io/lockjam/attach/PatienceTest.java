// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PatienceTest {
    private static final long LOOK = 20;

    @Test
    void endsWhenTheTargetNeitherAnswersNorDoesAnything() throws Exception {
        Process asleep = new ProcessBuilder("sleep", "60").start();
        try {
            assertThatThrownBy(() -> ask(asleep.pid()))
                    .isInstanceOf(Patience.NoAnswer.class)
                    .hasMessageContaining("none of its threads runs");
        } finally {
            asleep.destroy();
        }
    }

    @Test
    void endsWithTheTarget() throws Exception {
        Process brief = new ProcessBuilder("sleep", "0.1").start();
        assertThatThrownBy(() -> ask(brief.pid()))
                .isInstanceOf(Patience.NoAnswer.class)
                .hasMessage("it has ended");
    }

    @Test
    void waitsForATargetThatIsAtWork() throws Exception {
        Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            Target target = target(busy.pid());
            assertThat(new ProcFolder(busy.pid()).idle()).isFalse();
            String answer = Patience.with(
                    target,
                    () -> {
                        pause(Duration.ofMillis(50 * LOOK));
                        return "late";
                    },
                    LOOK);
            assertThat(answer).isEqualTo("late");
        } finally {
            busy.destroy();
        }
    }

    private static void ask(long pid) throws IOException {
        Patience.<String, RuntimeException>with(
                target(pid),
                () -> {
                    pause(Duration.ofMinutes(1));
                    return "never";
                },
                LOOK);
    }

    private static void pause(Duration length) throws IOException {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException cut) {
            throw new IOException(cut);
        }
    }

    private static Target target(long pid) throws IOException {
        Jvm jvm = new Jvm(pid, "", "", "", 0, Duration.ZERO, false, null);
        return new Target(jvm, new ProcFolder(pid).startTicks());
    }
}
