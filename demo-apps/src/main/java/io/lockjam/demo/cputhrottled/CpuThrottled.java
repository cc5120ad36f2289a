// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.cputhrottled;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Unavailable;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * A service needs 0.4 of a core in a container that may use 0.2: the kernel stops all its threads for most of each tenth
 * of a second, however idle the machine is.
 *
 * <p>Lockjam reports: cpu-oversubscribed (throttled by the cgroup's quota), threads {@code thumbnail-*}, in {@code
 * CpuThrottled.draw}. The cure: a quota of what the work needs, with room: one core. Needs Linux and the right to make a
 * control group.
 */
public final class CpuThrottled {
    private static final int THREADS = 4;

    private final LongAdder drawn = new LongAdder();
    private final Worst slowest = new Worst();
    private long throttledBefore;

    private CpuThrottled() {}

    public static void run(Stage stage) throws InterruptedException, Unavailable {
        QuotaGroup group = enter(stage, stage.fixed() ? 100 : 20);
        CpuThrottled service = new CpuThrottled();
        for (int i = 1; i <= THREADS; i++) {
            stage.every(Duration.ofMillis(20), "thumbnail-" + i, service::draw);
        }
        stage.report(
                () -> service.drawn + " thumbnails, slowest this second " + service.slowest.millisSinceLast() + " ms",
                "ms its threads were stopped by the quota this second",
                () -> service.throttledSinceLast(group));
    }

    private static QuotaGroup enter(Stage stage, int percentOfCore) throws Unavailable {
        try {
            return stage.closing(QuotaGroup.enter(percentOfCore));
        } catch (IOException refused) {
            throw new Unavailable("needs a control group with a CPU quota, and this machine refuses one: " + refused);
        }
    }

    private void draw() {
        long begin = System.nanoTime();
        Work.compute(2_000);
        slowest.since(begin);
        drawn.increment();
    }

    private long throttledSinceLast(QuotaGroup group) {
        long now = group.throttledMillis();
        long since = now - throttledBefore;
        throttledBefore = now;
        return since;
    }
}
