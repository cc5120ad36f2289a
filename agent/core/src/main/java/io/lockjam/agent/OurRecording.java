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
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/** The recording named {@code lockjam}, whoever started it. Loaded only where jdk.jfr is there, and not before main. */
final class OurRecording {
    static final String NAME = "lockjam";
    static final String SETTINGS = "/META-INF/lockjam/lockjam.jfc";

    /** Most that is copied when the JVM ends: it has to wait for that. */
    private static final long DUMPED = 512L << 20;

    private OurRecording() {}

    static boolean running() {
        return FlightRecorder.isInitialized()
                && FlightRecorder.getFlightRecorder().getRecordings().stream()
                        .anyMatch(each -> each.getName().equals(NAME) && each.getState() == RecordingState.RUNNING);
    }

    /** Stops and discards it; recordings of others go on. */
    static void close() {
        if (FlightRecorder.isInitialized()) {
            for (Recording each : FlightRecorder.getFlightRecorder().getRecordings()) {
                if (each.getName().equals(NAME)) {
                    each.close();
                }
            }
        }
    }

    /**
     * Starts it.
     *
     * @param file where the Flight Recorder writes it when the JVM ends; null for nowhere
     */
    static void start(boolean deep, @Nullable File file) throws IOException, ParseException {
        Recording recording = new Recording(Configuration.create(new StringReader(settings(deep))));
        recording.setName(NAME);
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
