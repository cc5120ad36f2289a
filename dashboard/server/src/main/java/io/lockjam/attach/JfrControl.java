// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our recording in the target, driven by diagnostic commands. Recordings of others are left alone: they share the
 * repository, and nothing but what is named {@code lockjam} is ever stopped.
 *
 * <p>JFR has no command that changes a running recording, and of several recordings the lowest threshold wins. So a
 * threshold is raised by starting a second recording and ending the first; no event is lost in between.
 */
final class JfrControl {
    /** The agent closes what has this name when the dashboard is lost. */
    static final String NAME = "lockjam";

    /** What an agent on the command line records by itself, by the same settings. */
    private static final String AGENTS_OWN = "lockjam-agent";

    private static final Pattern RECORDING =
            Pattern.compile("(?m)^Recording (\\d+): name=(.*?)(?: \\w+=\\S+)* \\((\\w+)\\)");
    private static final Pattern REPOSITORY = Pattern.compile("(?m)^Repository path: (.+)$");
    private static final Pattern STARTED = Pattern.compile("Started recording (\\d+)");
    static final String SETTINGS = "lockjam.jfc";

    /**
     * How much of the past the repository keeps.
     *
     * @param maxAge null to keep all that {@code maxBytes} allows
     */
    record Keep(@Nullable Duration maxAge, long maxBytes) {}

    /** A recording as the target lists it. */
    record Recording(int number, String name, String state) {
        boolean ours() {
            return name.equals(NAME);
        }

        /** Whether it may hold what our settings leave out. */
        boolean foreign() {
            return !ours() && !name.equals(AGENTS_OWN);
        }
    }

    private final TargetVm vm;
    private final SessionFolder folder;
    private final Keep keep;
    private JfrSettings settings;
    private int current;

    JfrControl(TargetVm vm, SessionFolder folder, JfrSettings settings, Keep keep) {
        this.vm = vm;
        this.folder = folder;
        this.settings = settings;
        this.keep = keep;
    }

    /** Where JFR would put, or puts, its repository, as the target names it. */
    Path repositoryParent() throws IOException {
        Path running = repository();
        Path parent = running == null ? null : running.getParent();
        return parent == null ? Path.of(vm.property("java.io.tmpdir", "/tmp")) : parent;
    }

    /** The repository as the target names it; null while JFR has not started. */
    @Nullable
    Path repository() throws IOException {
        Matcher path = REPOSITORY.matcher(vm.command("JFR.configure"));
        return path.find() && !path.group(1).equals("N/A")
                ? Path.of(path.group(1).strip())
                : null;
    }

    List<Recording> recordings() throws IOException {
        List<Recording> found = new ArrayList<>();
        Matcher lines = RECORDING.matcher(vm.command("JFR.check"));
        while (lines.find()) {
            found.add(new Recording(
                    Integer.parseInt(lines.group(1)), lines.group(2).replace("\"", ""), lines.group(3)));
        }
        return found;
    }

    /**
     * Starts our recording; one that an earlier session left is ended once the new one runs.
     *
     * @throws IOException if the target has no JFR or it refuses
     */
    synchronized void start() throws IOException {
        mustBeginFiles();
        List<Recording> left = recordings().stream().filter(Recording::ours).toList();
        folder.write(SETTINGS, settings.xml().getBytes(StandardCharsets.UTF_8));
        String answer = vm.command("JFR.start name=" + NAME + " settings=\""
                + folder.inner().resolve(SETTINGS)
                + "\" disk=true dumponexit=false maxsize=" + keep.maxBytes()
                + (keep.maxAge() == null ? "" : " maxage=" + keep.maxAge().toSeconds() + "s"));
        Matcher started = STARTED.matcher(answer);
        if (!started.find()) {
            throw new IOException("JFR did not start: " + sentence(answer));
        }
        current = Integer.parseInt(started.group(1));
        for (Recording each : left) {
            stop(each);
        }
    }

    /** The first line, without the full stop. */
    private static String sentence(String answer) {
        String line = answer.strip().lines().findFirst().orElse("");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    /** Records fewer short waits from now on; returns false if the threshold is as high as it gets. */
    synchronized boolean raiseThreshold() throws IOException {
        JfrSettings raised = settings.raised();
        if (raised.equals(settings)) {
            return false;
        }
        settings = raised;
        start();
        return true;
    }

    /** The shortest monitor wait that is recorded now. */
    synchronized Duration threshold() {
        return Duration.ofNanos(settings.monitorMicros() * 1_000);
    }

    /** Writes what the repository still has of our recording; {@code file} as the target names it, owned by its user. */
    synchronized void dump(Path file) throws IOException {
        mustBeginFiles();
        String answer = vm.command("JFR.dump name=" + current + " filename=\"" + file + "\"");
        if (!answer.contains("Dumped recording")) {
            throw new IOException("JFR did not write the recording: " + answer.strip());
        }
    }

    /** Ends whatever recording of ours runs; the repository stays if others use it. */
    synchronized void stop() throws IOException {
        List<Recording> all = recordings();
        for (Recording each : all) {
            if (each.ours()) {
                if (all.stream().anyMatch(Recording::foreign)) {
                    mustBeginFiles();
                }
                stop(each);
            }
        }
    }

    /** By number: names need not be unique. */
    private void stop(Recording recording) throws IOException {
        vm.command("JFR.stop name=" + recording.number());
    }

    /** With each of these the Flight Recorder begins a new file, and ends the JVM if it cannot. One that ends alone needs none. */
    private void mustBeginFiles() throws IOException {
        Path parent = repositoryParent();
        if (vm.fewFiles()) {
            throw new IOException("it may hardly open another file (ulimit -n)");
        }
        if (!vm.hasFolder(parent)) {
            throw new IOException("its folder " + parent + " is not there");
        }
    }
}
