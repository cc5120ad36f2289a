// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Our recording together with the guard of its disk: it runs only where there is room, and ends in time. */
final class Recorder implements AutoCloseable {
    /** Recordings grow to a quarter of the room, and at most to this. */
    private static final long LARGEST = 2L << 30;

    private static final long LARGEST_LIVE = 256L << 20;

    private final Target target;
    private final SessionFolder folder;
    private final JfrControl jfr;
    private final Consumer<String> stopped;
    private @Nullable DiskGuard guard;
    private @Nullable Path repository;
    private @Nullable RecordedChunks chunks; // of a recording that is to be a file

    private Recorder(Target target, SessionFolder folder, JfrControl jfr, Consumer<String> stopped) {
        this.target = target;
        this.folder = folder;
        this.jfr = jfr;
        this.stopped = stopped;
    }

    /**
     * Starts recording.
     *
     * @param stopped called with the reason if it has to end before we want it to
     * @throws NoRecording if there is no room or no JFR; nothing was started then
     * @throws AttachException if the target has ended or does not answer
     */
    static Recorder start(
            Target target,
            TargetVm vm,
            SessionFolder folder,
            AttachOptions options,
            DiskGuard.Limits limits,
            Consumer<String> stopped)
            throws NoRecording, AttachException {
        try {
            // JFR of a runtime without it answers "Unknown diagnostic command", which is an IOException here.
            Path inner = new JfrControl(vm, folder, JfrSettings.of(options.depth()), NOTHING).repositoryParent();
            Path parent = target.proc().outer(inner);
            if (!Files.isDirectory(parent)) {
                throw new NoRecording("its folder for temporary files, " + inner + ", is not there");
            }
            long free = DiskGuard.free(parent);
            if (free < limits.start()) {
                throw new NoRecording("only " + (free >> 20) + " MiB are free in " + parent + ", "
                        + (limits.start() >> 20) + " MiB are wanted");
            }
            long size = ProcessRoom.fileSize(target.pid());
            if (ProcessRoom.smallFiles(target.pid())) {
                throw new NoRecording("its files may hold only " + (size >> 10) + " KiB (ulimit -f), "
                        + "and the Flight Recorder would end it when a file may not grow");
            }
            // The whole is copied to one file when it is asked for.
            long bytes = Math.min(options.history() == null ? LARGEST : LARGEST_LIVE, Math.min(free / 4, size / 2));
            JfrControl.Keep keep = new JfrControl.Keep(options.history(), bytes);
            JfrControl jfr = new JfrControl(vm, folder, JfrSettings.of(options.depth()), keep);
            Recorder recorder = new Recorder(target, folder, jfr, stopped);
            recorder.begin(parent, limits, options.history() == null ? bytes : 0);
            return recorder;
        } catch (Patience.NoAnswer silent) {
            throw target.failure(silent.obstacle(), silent);
        } catch (IOException failed) {
            if (!target.alive()) {
                throw target.failure("it has ended", failed);
            }
            throw new NoRecording("JFR cannot be used: " + failed.getMessage());
        }
    }

    private static final JfrControl.Keep NOTHING = new JfrControl.Keep(Duration.ZERO, 0);

    /** The repository as seen from here. */
    Path repository() {
        if (repository == null) {
            throw new IllegalStateException("not started");
        }
        return repository;
    }

    JfrControl jfr() {
        return jfr;
    }

    /** Copies what the recording holds so far to {@code file}, which is new and belongs to this user. */
    void dump(Path file) throws IOException {
        String name = "dump-" + Long.toHexString(System.nanoTime()) + ".jfr";
        try {
            jfr.dump(folder.inner().resolve(name));
            Files.copy(folder.outer().resolve(name), file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } finally {
            folder.delete(name);
        }
    }

    /** Writes what was recorded until the target ended. */
    void rescue(Path file) throws IOException {
        if (chunks == null) {
            throw new IOException("its recording was not to be kept");
        }
        chunks.write(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public void close() {
        closeChunks();
        if (guard != null) {
            guard.close();
        }
        try {
            jfr.stop();
        } catch (IOException gone) {
            return; // it ended with the target
        }
    }

    private void closeChunks() {
        if (chunks != null) {
            chunks.close();
        }
    }

    /** @param rescuable bytes to be had if the target ends; 0 if nobody wants them */
    private void begin(Path parent, DiskGuard.Limits limits, long rescuable) throws IOException {
        Path before = jfr.repository();
        chunks = rescuable == 0
                ? null
                : new RecordedChunks(before == null ? parent : target.proc().outer(before), rescuable);
        guard = new DiskGuard(() -> DiskGuard.free(repository == null ? parent : repository), limits, this::alarm);
        guard.start();
        jfr.start();
        if (!new FlightRecorderThreads(target.proc()).write()) {
            close();
            throw new IOException("its thread that writes has ended, as it may after an OutOfMemoryError");
        }
        Path inner = jfr.repository();
        if (inner == null) {
            throw new IOException("it names no repository");
        }
        repository = target.proc().outer(inner);
        if (chunks != null) {
            chunks.start(repository);
        }
    }

    private void alarm(long free) {
        if (!target.alive() || (repository != null && !Files.isDirectory(repository))) {
            return; // the target ends and takes its repository with it: no sign of a full disk
        }
        try {
            // Its files stay open until somebody has written them out; that has to be soon, for they keep the disk
            // full.
            jfr.stop();
            stopped.accept("only " + (free >> 20) + " MiB are free where the target records");
        } catch (IOException failed) {
            if (!target.alive()) {
                return;
            }
            stopped.accept("the disk fills up and the recording could not be ended: " + failed.getMessage());
        }
    }
}
