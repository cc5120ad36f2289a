// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Sorts and writes facts on a thread of its own, while the next ones are read: two cores share the work of a large recording.
 *
 * <p>Filled by one thread. Between {@link #flush} and the next fact nobody else uses sorter or writer.
 */
final class FactLine implements AutoCloseable {
    /** Handing over each fact by itself would cost as much as writing it. */
    private static final int BATCH = 4_096;

    /** So few that what waits is far less than what the sorter keeps. */
    private static final int WAITING = 4;

    private final FactSorter sorter;
    private final FactWriter writer;
    private final BlockingQueue<Work> work = new ArrayBlockingQueue<>(WAITING);
    private Fact[] batch = new Fact[BATCH];
    private int size;
    private volatile boolean closed;

    /** What the other thread does next. */
    private interface Work {
        void run() throws IOException;
    }

    FactLine(FactSorter sorter, FactWriter writer) {
        this.sorter = sorter;
        this.writer = writer;
        Thread thread = new Thread(this::run, "lockjam-write");
        thread.setDaemon(true);
        thread.start();
    }

    void accept(Fact fact) {
        batch[size++] = fact;
        if (size == BATCH) {
            handOver();
        }
    }

    void progress(long read, long total) {
        hand(() -> writer.progress(read, total));
    }

    /** Returns when all that came before is written. */
    void flush() {
        handOver();
        CountDownLatch written = new CountDownLatch(1);
        hand(() -> {
            sorter.flush();
            written.countDown();
        });
        try {
            written.await();
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the other thread; what was not flushed is not written. */
    @Override
    public void close() {
        hand(() -> closed = true);
    }

    private void handOver() {
        Fact[] full = batch;
        int count = size;
        hand(() -> {
            for (int i = 0; i < count; i++) {
                sorter.accept(full[i]);
            }
        });
        batch = new Fact[BATCH];
        size = 0;
    }

    private void hand(Work next) {
        try {
            work.put(next);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                work.take().run();
            }
        } catch (IOException | RuntimeException parentGoneOrOurBug) {
            System.exit(1); // nobody reads any more, or what comes would be wrong
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }
}
