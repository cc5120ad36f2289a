// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fifteen minutes of a thousand threads, with every limit reached in each second, fit into 256 MB. */
class SessionBoundTest {
    private static final int THREADS = 1_000;
    private static final long LIMIT = 256L << 20;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void fifteenMinutesOfAThousandThreadsFit() {
        long before = used();
        Session session = new Session(LockNaming.NONE, Limits.DEFAULT);
        for (int second = 0; second < 1_000; second++) {
            tell(session, second);
        }
        long kept = used() - before;

        assertThat(kept).isLessThan(LIMIT);
        assertThat(session.kept().length())
                .isGreaterThan(Duration.ofSeconds(899))
                .isLessThan(Duration.ofSeconds(901));
        assertThat(session.lanes(session.last(Duration.ofSeconds(60))).rows()).hasSize(THREADS);
    }

    private static void tell(Session session, int second) {
        Instant at = START.plusSeconds(second);
        Map<Long, Character> states = new HashMap<>();
        List<Fact.OsThread> os = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            states.put((long) i, i % 3 == 0 ? 'L' : 'R');
            os.add(new Fact.OsThread(5_000 + i, 1_000_000, 1_000, 5, 1));
            session.accept(new Fact.WaitingNow(
                    at,
                    second,
                    thread(i),
                    second,
                    WaitKind.LOCK,
                    lock(i % 300),
                    thread(0),
                    Duration.ofMillis(5),
                    false,
                    1));
        }
        session.accept(new Fact.ThreadStates(at, second, states, Map.of(), -1, 0, 1));
        session.accept(new Fact.OsUsage(at, Duration.ofSeconds(1), os, -1, -1));
        for (int i = 0; i < 300; i++) {
            session.accept(new Fact.LockTotals(
                    at,
                    Duration.ofSeconds(1),
                    WaitKind.LOCK,
                    lock(i),
                    10,
                    Duration.ofMillis(10),
                    Duration.ofMillis(2),
                    Histogram.of(1_000, 20_000, 300_000, 1_000_000),
                    10,
                    Duration.ofMillis(5),
                    Duration.ofMillis(1),
                    1,
                    false));
            session.accept(new Fact.WaitEnded(
                    at,
                    Duration.ofMillis(i),
                    WaitKind.LOCK,
                    lock(i),
                    thread(i),
                    thread(i + 1),
                    null,
                    stack(second + i),
                    3,
                    false,
                    true));
            session.accept(
                    new Fact.Activity(at, Duration.ofMillis(i), thread(i), Fact.ActivityKind.SLEEP, stack(i), null));
        }
    }

    private static Stack stack(int variant) {
        List<Frame> frames = new ArrayList<>();
        for (int depth = 0; depth < 40; depth++) {
            frames.add(new Frame("com.acme.Type" + depth, "method" + variant % 500, "()V", "Type.java", depth, depth));
        }
        return new Stack(frames);
    }

    private static ThreadRef thread(int i) {
        return new ThreadRef(i, "worker-" + i, false, 5_000 + i);
    }

    private static LockRef lock(int i) {
        return new LockRef("java.util.concurrent.locks.ReentrantLock", Integer.toHexString(i));
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
