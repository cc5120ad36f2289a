// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusalIT {
    private static final int LAST_WITH_SECURITY_MANAGER = 23;

    static Stream<Path> homes() {
        return Jvm17And25.homes();
    }

    @ParameterizedTest
    @MethodSource("homes")
    void namesTheOptionThatIsInTheWayAndTheLineThatWouldWork(Path home) throws IOException {
        for (String option : new String[] {"-XX:+DisableAttachMechanism", "-XX:-EnableDynamicAgentLoading"}) {
            try (Jvm17And25 jvm = Jvm17And25.start(home, option)) {
                AttachException refused = catchThrowableOfType(AttachException.class, () -> Target.ofPid(jvm.pid()));

                assertThat(refused)
                        .hasMessageContaining(Long.toString(jvm.pid()))
                        .hasMessageContaining(option);
                assertThat(refused.advice()).contains("java -javaagent:").contains("lockjam-agent.jar=serve=");
                assertThat(Jvms.find(jvm.pid()).orElseThrow().attachable()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void asksNoJvmThatMayHardlyOpenAFile(Path home) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 30 && exec \"$0\" \"$@\""));
        command.addAll(Jvm17And25.command(home, List.of()));
        try (Jvm17And25 jvm = Jvm17And25.start(command)) {
            Target target = Target.ofPid(jvm.pid());
            AttachException refused = catchThrowableOfType(
                    AttachException.class,
                    () -> Attachment.reach(target, AttachOptions.live(Depth.LIGHT, false), new Hearing()));

            assertThat(refused).hasMessageContaining("may hardly open another file");
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void seesAJvmThatKeepsNoPerformanceData(Path home) throws Exception {
        try (Jvm17And25 jvm = Jvm17And25.start(home, "-XX:-UsePerfData")) {
            Jvm seen = Jvms.find(jvm.pid()).orElseThrow();

            assertThat(seen.feature()).isGreaterThanOrEqualTo(17);
            assertThat(seen.attachable()).isTrue();
            assertThat(Target.ofPid(jvm.pid()).alive()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void saysThatASecurityManagerKeepsTheAgentOut(Path home, @TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("none.policy"), "");
        String[] options = {"-Djava.security.manager", "-Djava.security.policy==" + policy};
        if (Jvm17And25.feature(home) > LAST_WITH_SECURITY_MANAGER) {
            return;
        }
        try (Jvm17And25 jvm = Jvm17And25.start(home, options);
                Attachment attachment = Attachment.reach(
                        Target.ofPid(jvm.pid()), AttachOptions.live(Depth.LIGHT, false), new Hearing())) {
            AttachException refused = catchThrowableOfType(AttachException.class, attachment::install);

            assertThat(refused).hasMessageContaining("SecurityManager").hasMessageContaining("AllPermission");
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void saysThatATargetHasEnded(Path home) throws Exception {
        Jvm17And25 jvm = Jvm17And25.start(home);
        Target target = Target.ofPid(jvm.pid());
        jvm.close();

        AttachException ended = catchThrowableOfType(AttachException.class, () -> TargetVm.open(target));

        assertThat(ended).hasMessage("Process " + jvm.pid() + " has ended.");
    }
}
