// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Watches the free space of the file system that the target's JFR repository is on.
 *
 * <p>JFR ends the JVM it runs in when it cannot write a chunk (seen on 17 and 25), so a recording starts only with room
 * to spare and ends while there still is some. The watch also looks two seconds ahead at the rate space is vanishing.
 */
final class DiskGuard implements AutoCloseable {
    /**
     * Room that is wanted.
     *
     * @param start bytes that must be free for a recording to start
     * @param stop bytes below which it is ended
     */
    record Limits(long start, long stop) {
        /** Ten and five times a chunk of 12 MB with its thread buffers, rounded up. */
        static final Limits DEFAULT = new Limits(256L << 20, 128L << 20);
    }

    private static final long PERIOD_MILLIS = 200;
    private static final long AHEAD_MILLIS = 2_000;

    private final LongSupplier free;
    private final Limits limits;
    private final LongConsumer alarm;
    private final Thread watcher = new Thread(this::watch, "lockjam-disk-guard");
    private long before = -1;
    private volatile boolean closed;

    /** @param alarm called once, with the bytes that are free, when they are too few */
    DiskGuard(LongSupplier free, Limits limits, LongConsumer alarm) {
        this.free = free;
        this.limits = limits;
        this.alarm = alarm;
    }

    /** Bytes that a user without privileges can still write in this folder's file system; 0 if it is not there. */
    static long free(Path folder) {
        return folder.toFile().getUsableSpace();
    }

    static boolean roomToStart(Path folder, Limits limits) {
        return free(folder) >= limits.start();
    }

    void start() {
        watcher.setDaemon(true);
        watcher.start();
    }

    /** One look; returns true if the alarm is due. */
    boolean tooLittle(long elapsedMillis) {
        long now = free.getAsLong();
        long lost = before < 0 ? 0 : Math.max(0, before - now);
        before = now;
        long ahead = elapsedMillis <= 0 ? 0 : lost * AHEAD_MILLIS / elapsedMillis;
        return now < limits.stop() || now - ahead < limits.stop() / 2;
    }

    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
    }

    private void watch() {
        long last = System.nanoTime();
        while (!closed) {
            long now = System.nanoTime();
            if (tooLittle(TimeUnit.NANOSECONDS.toMillis(now - last))) {
                alarm.accept(before);
                return;
            }
            last = now;
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }
}
