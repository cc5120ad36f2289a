// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.cpuboundtoomany;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sixteen threads per core resize photos, 4 ms of computing each. Photos come by the album: all threads run at once, take
 * turns on the cores, and each photo takes many times as long.
 *
 * <p>Lockjam reports: pool-oversized and cpu-oversubscribed, pool {@code photo-*}, task {@code CpuBoundTooMany.resize}.
 * The cure: one thread per core.
 */
public final class CpuBoundTooMany {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int PHOTOS_PER_CORE = 32;

    private final ThreadPoolExecutor photos;
    private final LongAdder resized = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    private CpuBoundTooMany(Stage stage) {
        int threads = stage.fixed() ? CORES : 16 * CORES;
        photos = stage.pool((ThreadPoolExecutor) Executors.newFixedThreadPool(threads, stage.named("photo")));
    }

    public static void run(Stage stage) throws InterruptedException {
        CpuBoundTooMany studio = new CpuBoundTooMany(stage);
        stage.every(Duration.ofMillis(200), "albums", studio::submit);
        stage.report(
                () -> studio.resized + " photos resized", "ms per photo of 4 ms of computing", studio::millisPerPhoto);
    }

    private void submit() {
        if (photos.getQueue().size() < PHOTOS_PER_CORE * CORES) {
            for (int i = 0; i < PHOTOS_PER_CORE * CORES; i++) {
                photos.execute(this::resize);
            }
        }
    }

    private void resize() {
        long begin = System.nanoTime();
        Work.compute(4_000);
        nanos.add(System.nanoTime() - begin);
        resized.increment();
    }

    private long millisPerPhoto() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.sum() / Math.max(1, resized.sum()));
    }
}
