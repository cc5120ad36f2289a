// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.cpuoversubscribed;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ten threads per core compute all the time, and a thread that must be on time every 10 ms waits for a core behind them.
 *
 * <p>Lockjam reports: cpu-oversubscribed, threads {@code forecast-*}, in {@code CpuOversubscribed.forecast}. The cure: one
 * thread per core but one.
 */
public final class CpuOversubscribed {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final LongAdder forecasts = new LongAdder();
    private final Worst late = new Worst();

    private CpuOversubscribed() {}

    public static void run(Stage stage) throws InterruptedException {
        CpuOversubscribed weather = new CpuOversubscribed();
        stage.loops("forecast", stage.fixed() ? Math.max(1, CORES - 1) : 10 * CORES, weather::forecast);
        stage.loop("alarm", () -> {
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
            TimeUnit.MILLISECONDS.sleep(10);
            Work.compute(2_000); // looks at the gauges
            weather.late.since(due);
        });
        stage.report(
                () -> weather.forecasts + " forecasts",
                "alarm's latest answer this second, ms (2 with a free core)",
                weather.late::millisSinceLast);
    }

    private void forecast() {
        Work.compute(1_000);
        forecasts.increment();
    }
}
