// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Facts of a small program, for the tests of what is made of them. */
final class Given {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Stack PUT = new Stack(List.of(new Frame("com.acme.Cache", "put", "()V", "Cache.java", 42, 7)));

    private Given() {}

    static Instant at(double seconds) {
        return START.plusNanos((long) (seconds * 1e9));
    }

    static Range range(double from, double to) {
        return new Range(at(from), at(to));
    }

    static ThreadRef thread(int id) {
        return new ThreadRef(id, "worker-" + id, false, 1_000 + id);
    }

    static Fact waited(double end, double millis, String identity, int waiter, int owner) {
        return new Fact.WaitEnded(
                at(end),
                Duration.ofNanos((long) (millis * 1e6)),
                WaitKind.MONITOR,
                new LockRef("com.acme.Cache", identity),
                thread(waiter),
                null,
                thread(owner),
                PUT,
                1,
                true,
                true);
    }

    static Fact states(double at, Map<Long, Character> states) {
        Map<Long, String> names = new HashMap<>();
        states.keySet().forEach(id -> names.put(id, "worker-" + id));
        return new Fact.ThreadStates(at(at), (long) at, states, names, 3, 0, 1);
    }

    static Fact pool(String name, double second, long arrivals, int busy) {
        Duration interval = Duration.ofMillis(960);
        return new Fact.PoolTotals(
                at(second),
                interval,
                "java.util.concurrent.ThreadPoolExecutor",
                "9001",
                name,
                "threads",
                8,
                8,
                8,
                busy,
                interval.multipliedBy(busy),
                0,
                -1,
                arrivals,
                arrivals,
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Histogram.EMPTY,
                Histogram.EMPTY,
                0,
                PoolSamples.NONE,
                null);
    }
}
