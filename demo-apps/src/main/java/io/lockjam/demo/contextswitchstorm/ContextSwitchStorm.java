// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.contextswitchstorm;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Eight sensors add their readings to one sum, one by one under a fair lock. The lock is held for 5 microseconds, yet each
 * hand-over puts one thread to sleep and wakes another: tens of thousands of context switches a second.
 *
 * <p>Lockjam reports: lock-convoy on {@code ContextSwitchStorm.sumLock}, waited for in {@code add}. The cure: each adds
 * its own readings up and takes the lock once per batch.
 */
public final class ContextSwitchStorm {
    private static final int SENSORS = 8;
    private static final int READINGS = 40;
    private static final Path OWN_THREADS = Path.of("/proc/self/task");

    private final ReentrantLock sumLock = new ReentrantLock(true);
    private final LongAdder readings = new LongAdder();
    private long sum;
    private long switchesBefore;

    private ContextSwitchStorm() {}

    public static void run(Stage stage) throws InterruptedException {
        ContextSwitchStorm station = new ContextSwitchStorm();
        for (int i = 1; i <= SENSORS; i++) {
            stage.every(Duration.ofMillis(10), "sensor-" + i, stage.fixed() ? station::addBatch : station::addEach);
        }
        stage.report(
                () -> station.readings + " readings added, sum " + station.sum(),
                "context switches this second",
                station::switchesSinceLast);
    }

    private void addEach() {
        for (int i = 0; i < READINGS; i += 2) {
            addHeat(i);
            addWind(i + 1);
        }
        readings.add(READINGS);
    }

    private void addBatch() {
        long batch = 0;
        for (int i = 0; i < READINGS; i++) {
            Work.compute(5);
            batch += i;
        }
        add(batch, 0);
        readings.add(READINGS);
    }

    private void addHeat(long degrees) {
        add(degrees, 5);
    }

    private void addWind(long knots) {
        add(knots, 5);
    }

    private void add(long reading, long micros) {
        sumLock.lock();
        try {
            Work.compute(micros);
            sum += reading;
        } finally {
            sumLock.unlock();
        }
    }

    private long sum() {
        sumLock.lock();
        try {
            return sum;
        } finally {
            sumLock.unlock();
        }
    }

    private long switchesSinceLast() {
        long now = switches();
        long since = now - switchesBefore;
        switchesBefore = now;
        return since;
    }

    /** Of all threads of this process; 0 where there is no /proc. */
    private static long switches() {
        long total = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(OWN_THREADS)) {
            for (Path thread : threads) {
                for (String line : Files.readAllLines(thread.resolve("status"))) {
                    if (line.contains("ctxt_switches:")) {
                        total += Long.parseLong(
                                line.substring(line.indexOf(':') + 1).strip());
                    }
                }
            }
        } catch (IOException gone) {
            return total; // a thread ended meanwhile, or this is not Linux
        }
        return total;
    }
}
