// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording file in a child JVM of bounded memory and time, so that a hostile one cannot harm this process.
 *
 * <p>Blocks its caller. What was lost comes as {@link Fact.Gap}; a file that gives nothing at all is an exception.
 */
public final class FileSource {
    private final Path file;
    private final Limits limits;
    private volatile boolean cancelled;
    private volatile @Nullable ReadProcess running;

    /**
     * What a child may use.
     *
     * @param silence longest time without a word from it
     * @param total longest time altogether
     */
    public record Limits(int heapMegabytes, Duration silence, Duration total) {
        /** Enough for a recording of 10 GB at the speed measured in {@code docs/overhead.md}. */
        public static final Limits DEFAULT = new Limits(512, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }

    /** Told how far the reading is, in bytes. */
    public interface Progress {
        void at(long bytesRead, long bytesTotal);
    }

    /**
     * How it ended.
     *
     * @param complete false if the child did not come to the end of the file
     */
    public record Outcome(long facts, boolean complete, boolean cancelled) {}

    public FileSource(Path file) {
        this(file, Limits.DEFAULT);
    }

    public FileSource(Path file, Limits limits) {
        this.file = file;
        this.limits = limits;
    }

    /** Ends a {@link #read} that is under way; callable from any thread. */
    public void cancel() {
        cancelled = true;
        ReadProcess process = running;
        if (process != null) {
            process.kill();
        }
    }

    /**
     * Reads the whole file; returns when it is done.
     *
     * @throws UnreadableRecordingException if not one fact could be had; the message says why, in one sentence
     */
    public Outcome read(Consumer<Fact> facts, Progress progress) throws UnreadableRecordingException {
        check();
        Path folder = temporary();
        try {
            return read(folder, facts, progress);
        } catch (IOException failed) {
            throw new UnreadableRecordingException(file + " cannot be read: " + failed.getMessage());
        } finally {
            delete(folder);
        }
    }

    /** Where the child may leave what it likes; null if there is no room for it, then it reads all the same. */
    private static @Nullable Path temporary() {
        try {
            return Files.createTempDirectory("lockjam-read-");
        } catch (IOException full) {
            return null;
        }
    }

    private void check() throws UnreadableRecordingException {
        if (!Files.exists(file)) {
            throw new UnreadableRecordingException(file + " does not exist");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UnreadableRecordingException(file + " is not a file that can be read");
        }
        if (file.toFile().length() == 0) {
            throw new UnreadableRecordingException(file + " is empty");
        }
    }

    private Outcome read(@Nullable Path folder, Consumer<Fact> facts, Progress progress)
            throws IOException, UnreadableRecordingException {
        try (ReadProcess process = new ReadProcess(command(folder), limits)) {
            running = process;
            if (cancelled) {
                process.kill();
            }
            Receipt receipt = new Receipt(facts, progress);
            String reason = receive(process, receipt);
            if (reason == null || cancelled) {
                return new Outcome(receipt.facts, reason == null, cancelled);
            }
            if (receipt.facts == 0) {
                throw new UnreadableRecordingException(file + " cannot be read: " + reason);
            }
            long lost = receipt.total < 0 ? -1 : receipt.total - receipt.read;
            facts.accept(new Fact.Gap(receipt.last, Duration.ZERO, "bytes were not read: " + reason, lost));
            return new Outcome(receipt.facts, false, false);
        } finally {
            running = null;
        }
    }

    /** Returns null if all was read, else why not. */
    private static @Nullable String receive(ReadProcess process, Receipt receipt) {
        try {
            FactReader reader = new FactReader(process.output());
            while (true) {
                Message message = reader.next();
                if (message instanceof Message.End) {
                    return null;
                }
                if (message instanceof Message.Unreadable unreadable) {
                    return unreadable.reason();
                }
                receipt.take(message);
            }
        } catch (IOException ended) {
            return process.reason(ended);
        }
    }

    private List<String> command(@Nullable Path folder) throws IOException {
        Path temporary = folder == null ? Path.of(System.getProperty("java.io.tmpdir", "/tmp")) : folder;
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + limits.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + temporary.resolve("crash.log"),
                "-XX:+DisplayVMOutputToStderr",
                // Warnings of the JVM would go to standard output.
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath(),
                ReadChild.class.getName(),
                file.toRealPath().toString());
    }

    /** Relative entries would mean the same to the child, which starts in the same folder. */
    private static String classPath() {
        String path = System.getProperty("java.class.path", "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void delete(@Nullable Path folder) {
        File[] left = folder == null ? null : folder.toFile().listFiles();
        if (folder == null || left == null) {
            return;
        }
        for (File each : left) {
            each.delete();
        }
        folder.toFile().delete();
    }

    /** What has come from the child. */
    private static final class Receipt {
        private final Consumer<Fact> consumer;
        private final Progress progress;
        private long facts;
        private long read;
        private long total = -1;
        private Instant last = Instant.EPOCH;

        Receipt(Consumer<Fact> consumer, Progress progress) {
            this.consumer = consumer;
            this.progress = progress;
        }

        void take(Message message) {
            if (message instanceof Message.FactMessage carried) {
                facts += carried.fact() instanceof Fact.Gap ? 0 : 1;
                last = carried.fact().at();
                consumer.accept(carried.fact());
            } else if (message instanceof Message.Progress step) {
                read = step.read();
                total = step.total();
                progress.at(read, total);
            }
        }
    }
}
