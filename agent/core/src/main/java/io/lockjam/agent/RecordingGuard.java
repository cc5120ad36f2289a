// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;

/**
 * Closes our recording before its disk is full: the Flight Recorder ends the whole JVM when it cannot write (seen on 17 and
 * 25).
 */
final class RecordingGuard {
    /** Below this our recording is closed: four times what a busy one writes between two looks, many times over. */
    static final long STOP_BELOW = 128L << 20;

    /** Below this none is started. */
    static final long START_ABOVE = 256L << 20;

    private volatile String stopped = "";

    /** Looks at the disk; returns whether it has just closed the recording. */
    boolean check() {
        String repository = repository();
        if (repository.isEmpty()) {
            return false;
        }
        long free = free(repository);
        if (free >= STOP_BELOW || !OurRecording.running(OurRecording.NAME, OurRecording.INSIDE)) {
            return false;
        }
        OurRecording.discard(OurRecording.NAME);
        String saved = OurRecording.save();
        stopped = "only " + (free >> 20) + " MiB were free at " + repository;
        Console.say("recording closed, " + stopped + "; the Flight Recorder would end this JVM on a full disk"
                + (saved.isEmpty() ? "" : "; what was recorded is in " + saved));
        return true;
    }

    /** Why the guard closed the recording or did not let it start; empty if it did not. */
    String stopped() {
        return stopped;
    }

    /** Returns whether there is room to start a recording; says so if not. */
    boolean mayStart() {
        String folder = repository().isEmpty() ? System.getProperty("java.io.tmpdir", "/tmp") : repository();
        long free = free(folder);
        if (free >= START_ABOVE) {
            return true;
        }
        stopped = "only " + (free >> 20) + " MiB are free at " + folder;
        Console.say("no recording, " + stopped + " and " + (START_ABOVE >> 20) + " are needed");
        return false;
    }

    /** Path of the Flight Recorder's repository; empty if it has not started. */
    static String repository() {
        String path = System.getProperty("jdk.jfr.repository");
        return path == null ? "" : path;
    }

    private static long free(String folder) {
        return new File(folder).getUsableSpace();
    }
}
