// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * The recording named {@code lockjam}, which a lockjam process starts, and the agent's own with -javaagent, which that one
 * neither stops nor replaces. Loaded only where jdk.jfr is there, and not before main.
 */
final class OurRecording {
    static final String NAME = "lockjam";
    static final String INSIDE = "lockjam-agent";
    static final String SETTINGS = "/META-INF/lockjam/lockjam.jfc";

    /** Most that is copied when the JVM ends: it has to wait for that. */
    private static final long DUMPED = 512L << 20;

    private OurRecording() {}

    /** Whether there is one of these names. */
    static boolean running(String... names) {
        return ours(names).stream().anyMatch(each -> each.getState() == RecordingState.RUNNING);
    }

    /**
     * Discards them; recordings of others go on.
     *
     * @throws NoNextFileException if that has to wait
     */
    static void discard(String... names) {
        for (Recording each : ours(names)) {
            mustEnd();
            each.close();
        }
    }

    /** Records nothing more from now on, but does not end, which may take a new file: see {@link #mayEnd}. */
    static void silence() {
        ours(NAME, INSIDE).forEach(each -> each.setSettings(Map.of()));
    }

    /**
     * Whether they can be ended now. When one of several recordings ends, the Flight Recorder begins a new file, and ends the JVM if it
     * cannot; and one that has a destination is copied to it.
     */
    static boolean mayEnd() {
        return hindrance().isEmpty()
                || (alone() && ours(NAME, INSIDE).stream().allMatch(each -> each.getDestination() == null));
    }

    /** Why the Flight Recorder may be unable to begin its next file, as a clause; empty if nothing is in the way. */
    static String hindrance() {
        File repository = new File(RecordingGuard.repository());
        File base = repository.getAbsoluteFile().getParentFile(); // where it makes a new one if it is gone
        if (!(repository.isDirectory() && repository.canWrite()) && !(base.isDirectory() && base.canWrite())) {
            return "the folder " + base + " has gone or cannot be written to";
        }
        return new OpenFiles().few() ? "hardly another file could be opened (ulimit -n)" : "";
    }

    private static boolean alone() {
        return FlightRecorder.getFlightRecorder().getRecordings().stream()
                .noneMatch(each -> each.getState() == RecordingState.RUNNING
                        && !List.of(NAME, INSIDE).contains(each.getName()));
    }

    private static void mustEnd() {
        if (!mayEnd()) {
            silence();
            throw new NoNextFileException();
        }
    }

    /**
     * Ends the agent's own: written to its file if it has one, else discarded.
     *
     * @throws NoNextFileException if that has to wait
     */
    static void finish() {
        for (Recording each : ours(INSIDE)) {
            mustEnd();
            if (each.getState() == RecordingState.RUNNING) {
                each.stop(); // writes what has a destination
            }
            each.close();
        }
    }

    /** Ends the agent's own for want of room; it is written to its file only if that has room. Returns the file; empty if there is none. */
    static String save() {
        String saved = "";
        for (Recording each : ours(INSIDE)) {
            Path file = each.getDestination();
            Path folder = file == null ? null : file.toAbsolutePath().getParent();
            if (folder != null && each.getSize() < folder.toFile().getUsableSpace() / 2) {
                each.stop();
                saved = file.toString();
            }
            each.close();
        }
        return saved;
    }

    private static List<Recording> ours(String... names) {
        if (!FlightRecorder.isInitialized()) {
            return List.of();
        }
        return FlightRecorder.getFlightRecorder().getRecordings().stream()
                .filter(each -> List.of(names).contains(each.getName()))
                .toList();
    }

    /**
     * Starts the agent's own.
     *
     * @param file where the Flight Recorder writes it when the JVM ends; null for nowhere
     */
    static void start(boolean deep, @Nullable File file) throws IOException, ParseException {
        Recording recording = new Recording(Configuration.create(new StringReader(settings(deep))));
        recording.setName(INSIDE);
        recording.setToDisk(true);
        if (file == null) {
            recording.setMaxAge(Duration.ofMinutes(15)); // what the dashboard keeps
            recording.setMaxSize(256L << 20);
        } else {
            // Not by a shutdown hook of ours: the Flight Recorder's own removes its files at the same time.
            recording.setMaxSize(DUMPED);
            recording.setDestination(Path.of(file.getPath()));
            recording.setDumpOnExit(true);
        }
        recording.start();
    }

    /** The settings file with its thresholds filled in. */
    static String settings(boolean deep) throws IOException {
        try (InputStream in = OurRecording.class.getResourceAsStream(SETTINGS)) {
            if (in == null) {
                throw new IOException("the agent jar has no " + SETTINGS);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace(">${monitors}<", deep ? ">20 us<" : ">100 us<")
                    .replace(">${blocking}<", deep ? ">100 us<" : ">1 ms<")
                    .replace(">${sockets}<", deep ? ">100 us<" : ">10 ms<")
                    .replace(">${sampling}<", deep ? ">20 ms<" : ">50 ms<");
        }
    }
}
