// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.model.MainClass;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists the JVMs of this machine without touching them: from {@code /proc} and the performance data each HotSpot JVM
 * keeps in its {@code /tmp}, which is looked up through {@code /proc/<pid>/root} so that containers are seen too.
 */
public final class Jvms {
    private static final long SELF = ProcessHandle.current().pid();

    private Jvms() {}

    /** All JVMs but this one, by pid. */
    public static List<Jvm> list() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != SELF)
                .map(Jvms::of)
                .flatMap(Optional::stream)
                .sorted((one, other) -> Long.compare(one.pid(), other.pid()))
                .toList();
    }

    /** The JVM with this pid; empty if there is no such process or it is no JVM as far as can be seen. */
    public static Optional<Jvm> find(long pid) {
        return ProcessHandle.of(pid).flatMap(Jvms::of);
    }

    private static Optional<Jvm> of(ProcessHandle process) {
        ProcFolder proc = new ProcFolder(process.pid());
        try {
            PerfData data = perfData(proc);
            // In a /tmp that is shared with a container lies data of JVMs with the same numbers there.
            boolean java = looksLikeJava(proc) || (data != null && proc.hidesLibraries());
            return java && !proc.zombie() ? Optional.of(describe(process, proc, data)) : Optional.empty();
        } catch (IOException | NumberFormatException gone) {
            return Optional.empty();
        }
    }

    private static Jvm describe(ProcessHandle process, ProcFolder proc, @Nullable PerfData data) throws IOException {
        long uid = proc.uid();
        String launched = CommandLine.mainOf(proc.commandLine());
        String own = data == null ? "" : data.command();
        // The JVM's own words do not tell a blank within the name from one after it; the launcher's arguments do.
        String command =
                own.isEmpty() || (!launched.isEmpty() && own.startsWith(launched)) ? launched : MainClass.of(own);
        String version = data == null || data.version().isEmpty() ? JavaHome.version(proc) : data.version();
        Duration uptime = process.info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .filter(length -> !length.isNegative())
                .orElse(Duration.ZERO);
        boolean attached = SessionFolder.of(proc, uid).agentIn();
        Obstacle obstacle = Obstacles.of(proc, uid, version, data);
        String user = process.info().user().orElse(Long.toString(uid));
        return new Jvm(proc.pid(), command, version, user, uid, uptime, attached, obstacle);
    }

    /** Null if the JVM keeps none or this user may not read it. */
    static @Nullable PerfData perfData(ProcFolder proc) throws IOException {
        Path tmp = proc.outer(Path.of("/tmp"));
        String name = Long.toString(proc.innerPid());
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(tmp, "hsperfdata_*")) {
            for (Path folder : folders) {
                Path file = folder.resolve(name);
                if (Files.isReadable(file) && belongsTo(file, proc)) {
                    return PerfData.read(file);
                }
            }
        } catch (IOException unreadable) {
            return null;
        }
        return null;
    }

    /** A file left behind by an earlier process of that number does not count. */
    private static boolean belongsTo(Path file, ProcFolder proc) throws IOException {
        Object owner = Files.getAttribute(file, "unix:uid");
        Instant started = ProcessHandle.of(proc.pid())
                .flatMap(process -> process.info().startInstant())
                .orElse(Instant.EPOCH);
        return ((Integer) owner).longValue() == proc.uid()
                && !Files.getLastModifiedTime(file).toInstant().isBefore(started.minusSeconds(2));
    }

    private static boolean looksLikeJava(ProcFolder proc) {
        Path executable = proc.executable();
        List<String> arguments = proc.commandLine();
        String name = executable != null
                ? String.valueOf(executable.getFileName())
                : arguments.isEmpty()
                        ? ""
                        : arguments.get(0).substring(arguments.get(0).lastIndexOf('/') + 1);
        return name.equals("java") || !proc.virtualMachines().isEmpty();
    }
}
