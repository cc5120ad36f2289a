// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Tasks that wait for the end of pools, and threads that read: the fixture of {@link TaskCodeTest}, never run. */
@SuppressWarnings({"unused", "FutureReturnValueIgnored"}) // only the code is of interest
final class OwnEnd {
    private static int worked;
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ExecutorService other = Executors.newFixedThreadPool(2);

    void start() {
        pool.submit(this::last);
        pool.submit(this::otherEnd);
        pool.submit(() -> other.submit(this::lastOfOther));
    }

    private void last() {
        await();
    }

    private void await() {
        try {
            pool.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException stopped) {
            pool.shutdownNow();
        }
    }

    private boolean otherEnd() throws InterruptedException {
        return other.awaitTermination(1, TimeUnit.HOURS);
    }

    private boolean lastOfOther() throws InterruptedException {
        return pool.awaitTermination(1, TimeUnit.HOURS);
    }

    void batch() throws InterruptedException {
        ExecutorService own = Executors.newFixedThreadPool(2);
        own.execute(() -> work("row"));
        own.shutdown();
        own.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    void shortBatch() throws InterruptedException {
        ExecutorService own = Executors.newFixedThreadPool(2);
        own.execute(() -> work("row"));
        own.awaitTermination(10, TimeUnit.SECONDS);
    }

    void otherBatch() throws InterruptedException {
        ExecutorService own = Executors.newFixedThreadPool(2);
        ExecutorService second = Executors.newFixedThreadPool(2);
        second.execute(() -> work("row"));
        own.awaitTermination(1, TimeUnit.HOURS);
    }

    void hour() throws InterruptedException {
        pool.awaitTermination(1, TimeUnit.HOURS);
    }

    void index(BufferedReader lines) throws IOException {
        String line = next(lines);
        while (line != null) {
            work(line);
            line = next(lines);
        }
    }

    private static String next(BufferedReader lines) throws IOException {
        return lines.readLine();
    }

    void readOnce(BufferedReader lines) throws IOException {
        work(lines.readLine());
    }

    void stream(BufferedReader lines) {
        lines.lines().forEach(OwnEnd::work);
    }

    private static void work(String line) {
        worked += line.length();
    }
}
