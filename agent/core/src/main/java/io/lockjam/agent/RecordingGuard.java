// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import java.io.File;
import java.util.concurrent.TimeUnit;

/**
 * Closes our recording before its disk is full or the JVM may open no more files: the Flight Recorder ends the whole JVM when it cannot
 * write or cannot begin its next file (seen on 17 and 25).
 */
final class RecordingGuard {
    /** Below this our recording is closed: four times what a busy one writes between two looks, many times over. */
    static final long STOP_BELOW = 128L << 20;

    /** Below this none is started. */
    static final long START_ABOVE = 256L << 20;

    /** Where files may not grow to this none is started: a chunk is some more than 12 MB, and the JVM ends if it may not be (seen on 17 and 25). */
    static final long FILE_SIZE = 64L << 20;

    /** One look at the open files may cost this part of the time between two: a process with 100,000 takes 50 ms to list. */
    private static final long FILES_SHARE = 500;

    private static final long FILES_PERIOD = TimeUnit.SECONDS.toNanos(1);

    /** However long one took, as on a machine without a free core. */
    private static final long FILES_LATEST = TimeUnit.SECONDS.toNanos(5);

    private final OpenFiles files = new OpenFiles();
    private long filesAt = System.nanoTime();
    private String hindrance = "";
    private boolean ran; // and nothing here has ended it
    private int missing; // looks in a row at which it did not run
    private boolean silenced; // and to be ended when there is room
    private volatile String stopped = "";

    /**
     * Looks at the disk, the open files and the recording; returns whether it has just closed it, or found that somebody else has.
     *
     * @param heard whether a lockjam process listens
     */
    boolean check(boolean heard) {
        String repository = repository();
        if (repository.isEmpty()) {
            return false;
        }
        long free = free(repository);
        look(System.nanoTime());
        boolean full = free < STOP_BELOW && new File(repository).isDirectory();
        if (!full && silenced && hindrance.isEmpty()) {
            silenced = false;
            end();
        }
        if (missing > 1 && heard) {
            missing = 0;
            ran = false;
            stopped = "somebody else has stopped it";
            return true;
        }
        if (silenced
                || (!full && hindrance.isEmpty())
                || !OurRecording.running(OurRecording.NAME, OurRecording.INSIDE)) {
            return false;
        }
        if (full) {
            stopped = "only " + (free >> 20) + " MiB were free at " + repository;
            say("on a full disk", end());
        } else {
            stopped = hindrance;
            silenced = !OurRecording.mayEnd();
            say("when it cannot begin its next file", silenced ? "" : end());
        }
        return true;
    }

    /** Returns the file that holds what was recorded; empty if none does. */
    private String end() {
        ran = false;
        OurRecording.discard(OurRecording.NAME);
        return OurRecording.save();
    }

    private void say(String when, String saved) {
        if (silenced) {
            OurRecording.silence();
        }
        Console.say("recording closed, " + stopped + "; the Flight Recorder would end this JVM " + when
                + (saved.isEmpty() ? "" : "; what was recorded is in " + saved));
    }

    /** Whether the next file can be had, and whether the recording is there; looked at now and then. */
    private void look(long now) {
        if (now - filesAt >= 0) {
            boolean runs = OurRecording.running(OurRecording.NAME, OurRecording.INSIDE);
            ran |= runs;
            missing = ran && !runs && Hooks.enabled() ? missing + 1 : 0; // a pause disables the hooks first
            hindrance = OurRecording.hindrance();
            filesAt = now + untilNext(System.nanoTime() - now);
        }
    }

    /** Nanoseconds from a look that took so many to the next one. */
    static long untilNext(long took) {
        return Math.min(FILES_LATEST, Math.max(FILES_PERIOD, took * FILES_SHARE));
    }

    /** Why the guard closed the recording or did not let it start; empty if it did not. */
    String stopped() {
        return stopped;
    }

    /** The same as a clause for the other side. */
    String ended() {
        return "the recording was ended, since " + stopped + "; facts come over the connection";
    }

    /** Returns whether there is room to start a recording; says so if not. */
    boolean mayStart() {
        String folder = repository().isEmpty() ? System.getProperty("java.io.tmpdir", "/tmp") : repository();
        long free = free(folder);
        if (free < START_ABOVE) {
            return not("only " + (free >> 20) + " MiB are free at " + folder, START_ABOVE >> 20);
        }
        long size = new ProcessLimits().fileSize();
        if (size < FILE_SIZE) {
            return not("files may hold only " + (size >> 10) + " KiB (ulimit -f)", FILE_SIZE >> 10);
        }
        long left = files.left();
        return left >= 2 * OpenFiles.WANTED
                || not("only " + left + " more files can be opened (ulimit -n)", 2 * OpenFiles.WANTED);
    }

    /** Returns false, and says why. */
    private boolean not(String reason, long needed) {
        stopped = reason;
        Console.say("no recording, " + reason + " and " + needed + " are needed");
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
