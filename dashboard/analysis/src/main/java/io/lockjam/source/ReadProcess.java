// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The child process of a {@link FileSource}, killed when it is silent or at work for too long. */
final class ReadProcess implements AutoCloseable {
    private static final List<String> OPTIONS_FROM_OUTSIDE =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final Process process;
    private final FileSource.Limits limits;
    private final long startedAt = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);
    /** When the parent began to wait for the child's next word; 0 while it is busy itself. */
    private volatile long waitingSince;

    private volatile @Nullable String killedFor;

    ReadProcess(List<String> command, FileSource.Limits limits) throws IOException {
        this.limits = limits;
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(OPTIONS_FROM_OUTSIDE);
        this.process = builder.start();
        Thread watch = new Thread(this::watch, "Lockjam Read Watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** What the child writes; its silence counts while a block is read. */
    InputStream output() {
        return new FilterInputStream(process.getInputStream()) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                waitingSince = System.nanoTime() | 1;
                try {
                    return super.read(into, offset, length);
                } finally {
                    waitingSince = 0;
                }
            }
        };
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Why the stream of facts ended before its end. */
    String reason(IOException ended) {
        String killed = killedFor;
        if (killed != null) {
            return killed;
        }
        if (ended instanceof FormatException) {
            return "the reading process wrote something else than facts (" + ended.getMessage() + ")";
        }
        try {
            boolean dead = process.waitFor(2, TimeUnit.SECONDS);
            return !dead
                    ? "the reading process closed its output"
                    : process.exitValue() == 3
                            ? "it takes more than " + limits.heapMegabytes() + " MB to read"
                            : "the reading process ended with code " + process.exitValue();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            return "the reading was interrupted";
        }
    }

    @Override
    public void close() {
        closed.countDown();
        process.destroyForcibly();
    }

    private void watch() {
        try {
            while (!closed.await(200, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                long since = waitingSince;
                if (since != 0 && now - since > limits.silence().toNanos()) {
                    killedFor = "the reading process was silent for "
                            + limits.silence().toSeconds() + " s";
                    kill();
                } else if (now - startedAt > limits.total().toNanos()) {
                    killedFor = "reading took more than " + limits.total().toSeconds() + " s";
                    kill();
                }
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }
}
