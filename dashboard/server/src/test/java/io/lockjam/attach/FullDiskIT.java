// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JFR ends its JVM when the disk is full; on a small file system of our own, the guard must be faster. */
@EnabledIf("mayMount")
final class FullDiskIT {
    private static final String SIZE = "320m";
    private static final int BLOCK = 8 << 20;

    @TempDir
    private Path disk = Path.of("");

    static Stream<Path> homes() {
        return Jvm17And25.homes();
    }

    /** Mounting takes root and a container that lets it. */
    static boolean mayMount() throws IOException, InterruptedException {
        Path probe = Files.createTempDirectory("mount");
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe.toString());
        if (mounted) {
            run("umount", probe.toString());
        }
        Files.delete(probe);
        return mounted;
    }

    @ParameterizedTest
    @MethodSource("homes")
    void theTargetOutlivesAFullDisk(Path home) throws Exception {
        assertThat(run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.toString()))
                .isTrue();
        try (Jvm17And25 jvm = Jvm17And25.start(home, "-Djava.io.tmpdir=" + disk)) {
            Target target = Target.ofPid(jvm.pid());
            SessionFolder folder = SessionFolder.of(target.proc(), target.jvm().uid());
            folder.create();
            CompletableFuture<String> stopped = new CompletableFuture<>();
            try (TargetVm vm = TargetVm.open(target);
                    Recorder recorder = Recorder.start(
                            target,
                            vm,
                            folder,
                            AttachOptions.live(Depth.DEEP, false),
                            DiskGuard.Limits.DEFAULT,
                            stopped::complete)) {
                assertThat(recorder.repository()).startsWith(disk);

                fillTo(100L << 20);
                assertThat(stopped.get(60, TimeUnit.SECONDS)).contains("MiB are free");
                assertThat(recorder.jfr().recordings()).noneMatch(JfrControl.Recording::ours);
                fillTo(0);

                assertThat(vm.command("VM.version")).contains("JDK");
                assertThat(jvm.alive()).isTrue();
            } finally {
                folder.deleteAll();
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void nothingIsStartedWhereThereIsLittleRoom(Path home) throws Exception {
        assertThat(run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()))
                .isTrue();
        try (Jvm17And25 jvm = Jvm17And25.start(home, "-Djava.io.tmpdir=" + disk)) {
            Target target = Target.ofPid(jvm.pid());
            SessionFolder folder = SessionFolder.of(target.proc(), target.jvm().uid());
            try (TargetVm vm = TargetVm.open(target)) {
                AttachOptions options = AttachOptions.live(Depth.DEEP, false);
                NoRecording refused = catchThrowableOfType(
                        NoRecording.class,
                        () -> Recorder.start(target, vm, folder, options, DiskGuard.Limits.DEFAULT, reason -> {}));

                assertThat(refused).hasMessageContaining("MiB are free in " + disk);
                assertThat(disk).isEmptyDirectory();
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    private void fillTo(long left) throws IOException {
        Path ballast = disk.resolve("ballast" + left);
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[BLOCK];
            while (DiskGuard.free(disk) > left) {
                out.write(block, 0, (int) Math.min(BLOCK, DiskGuard.free(disk) - left));
            }
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
