// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static io.lockjam.attach.Visits.assertNothingLeft;
import static io.lockjam.attach.Visits.attach;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets in namespaces of their own, as containers have them, and targets of other users. Takes root. */
@EnabledIf("mayUnshare")
final class NamespaceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    /** Where the target finds its classes and the agent, whatever becomes of its /tmp and whoever it is. */
    private static final String PLACE = "/mnt";

    @TempDir
    private Path shared = Path.of("");

    static Stream<Path> homes() {
        return Jvm17And25.homes();
    }

    static boolean mayUnshare() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("unshare", "-pm", "--fork", "--mount-proc", "true").start();
        boolean may = process.waitFor() == 0;
        if (!may) {
            System.err.println("NOT TESTED: namespaces and other users; that takes root in a container that allows it");
        }
        return may;
    }

    @BeforeEach
    void copyTheProgram() throws IOException {
        Path folder = Path.of("io", "lockjam", "attach");
        Path copies = Files.createDirectories(shared.resolve(folder));
        try (Stream<Path> all = Files.list(Jvm17And25.classes().resolve(folder))) {
            for (Path each : all.filter(
                            file -> String.valueOf(file.getFileName()).startsWith("Troubled"))
                    .toList()) {
                Files.copy(each, copies.resolve(String.valueOf(each.getFileName())));
            }
        }
        Files.copy(Path.of(System.getProperty("lockjam.agentJar", "")), shared.resolve("agent.jar"));
        for (Path open : List.of(shared, shared.resolve("io"), shared.resolve("io/lockjam"), copies)) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void isReachedInItsContainer(Path home) throws Exception {
        try (Jvm17And25 jvm = start("-pm --fork --mount-proc", "mount -t tmpfs tmpfs /tmp", java(home))) {
            Target target = Target.ofPid(jvm.pid());
            assertThat(target.proc().innerPid()).isNotEqualTo(target.pid());
            try (Attachment attachment = attach(target, false, new Hearing())) {
                assertThat(attachment.state().enabled()).isTrue();
                assertThat(attachment.repository().orElseThrow()).isDirectory();
            }
            assertNothingLeft(target);
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void isReachedByRootWhoeverItIs(Path home) throws Exception {
        List<String> command = new ArrayList<>(NOBODY);
        command.addAll(java(home));
        try (Jvm17And25 jvm = start("-m", "true", command)) {
            Target target = Target.ofPid(jvm.pid());
            assertThat(target.jvm().uid()).isEqualTo(65_534);
            leaveSocket(target);
            try (Attachment attachment = attach(target, false, new Hearing())) {
                assertThat(attachment.state().enabled()).isTrue();
                assertThat(Files.getAttribute(Visits.folder(target).outer(), "unix:uid"))
                        .isEqualTo(65_534);
                attachment.dump(shared.resolve("dump.jfr"));
                assertThat(Files.getAttribute(shared.resolve("dump.jfr"), "unix:uid"))
                        .isEqualTo((int) User.uid());
            }
            assertNothingLeft(target);
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void staysOutWhereNoFileCanBeWritten(Path home) throws Exception {
        List<String> agent = java(home, "-javaagent:" + PLACE + "/agent.jar");
        try (Jvm17And25 jvm = start("-m", "mount -t tmpfs -o ro tmpfs /tmp", agent)) {
            Target target = Target.ofPid(jvm.pid());
            AttachException refused =
                    catchThrowableOfType(AttachException.class, () -> attach(target, false, new Hearing()));

            assertThat(refused).hasMessageContaining("Cannot attach to " + target.label());
            awaitWork(jvm);
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void staysOutWhereNoThreadCanBeStarted(Path home) throws Exception {
        List<String> command = new ArrayList<>(NOBODY);
        command.addAll(List.of("prlimit", "--nproc=60", "--"));
        command.addAll(java(home));
        command.add("threads-to-the-limit");
        try (Jvm17And25 jvm = start("-m", "true", command)) {
            Target target = Target.ofPid(jvm.pid());
            assertThat(jvm.errors()).isPositive();
            AttachException refused =
                    catchThrowableOfType(AttachException.class, () -> attach(target, false, new Hearing()));

            assertThat(refused).hasMessageContaining("may hardly start another thread");
            awaitWork(jvm);
            assertThat(Visits.folder(target).outer()).doesNotExist();
        }
    }

    private static List<String> java(Path home, String... options) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", PLACE, Troubled.class.getName(), "work"));
        return command;
    }

    private Jvm17And25 start(String namespaces, String preparation, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("unshare"));
        whole.addAll(List.of(namespaces.split(" ", -1)));
        String bind = "mount --bind \"$0\" " + PLACE + " && " + preparation + " && exec \"$@\"";
        whole.addAll(List.of("sh", "-c", bind, shared.toString()));
        whole.addAll(command);
        return Jvm17And25.start(whole);
    }

    /** As a JVM of ours with the same pid leaves it when it is killed. */
    private static void leaveSocket(Target target) throws IOException {
        Path socket =
                target.proc().outer(Path.of("/tmp/.java_pid" + target.proc().innerPid()));
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        assertThat(socket).exists();
    }

    private static void awaitWork(Jvm17And25 jvm) throws IOException {
        long before = jvm.turns();
        await().atMost(PATIENCE).until(() -> jvm.turns() > before);
    }
}
