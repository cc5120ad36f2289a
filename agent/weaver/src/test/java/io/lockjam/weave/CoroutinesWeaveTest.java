// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.PoolHooks;
import io.lockjam.boot.PoolRow;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kotlin's scheduler, woven and verified: only what runs with a permit counts, and what waits for one is in the queue. */
class CoroutinesWeaveTest {
    private static final String POOL = "kotlinx.coroutines.scheduling.CoroutineScheduler";
    private static final String LIMIT = "kotlinx.coroutines.internal.LimitedDispatcher";
    private static final long PATIENT_SECONDS = 30;
    private static final int TASKS = 5;
    private static final int IN_IO = 3;

    private final CountDownLatch running = new CountDownLatch(2);
    private final CountDownLatch inIo = new CountDownLatch(IN_IO);
    private final CountDownLatch open = new CountDownLatch(1);

    @BeforeEach
    void on() {
        Hooks.clear();
        assertThat(Hooks.install()).isEmpty();
        Hooks.preload(false);
    }

    @AfterEach
    void off() {
        open.countDown();
        Hooks.enable(false);
        Hooks.clear();
    }

    @Test
    void countsWhatRunsWithPermits() throws Exception {
        Hooks.enable(true);
        submit();
        PoolRow busy = PoolRows.flushed().only(POOL);
        assertThat(busy.type()).isEqualTo("threads");
        assertThat(busy.size()).isEqualTo(2);
        assertThat(busy.busy()).isEqualTo(2);
        assertThat(busy.queueDepth()).isEqualTo(TASKS - 2);
        assertThat(busy.poolName()).isEqualTo("DefaultDispatcher-worker-#");

        open.countDown();
        long ended = 0;
        long timed = 0;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENT_SECONDS);
                ended < TASKS && System.nanoTime() < end; ) {
            for (PoolRow row : PoolRows.flushed().pools(POOL)) { // none while nothing happens
                ended += row.completions();
                timed += row.timed();
            }
        }
        assertThat(ended).isEqualTo(TASKS);
        assertThat(timed).isBetween(1L, (long) TASKS);
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void aLimitCountsWhatRunsAndWhatWaitsForIt() throws Exception {
        Hooks.enable(true);
        Executor limited =
                (Executor) ((List<?>) ((Supplier<?>) WeavingLoader.of(POOL).make("CoroutineTasks")).get()).get(2);
        for (int task = 0; task < TASKS; task++) {
            limited.execute(() -> {
                running.countDown();
                awaitQuietly(open);
            });
        }
        assertThat(running.await(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        PoolRow busy = PoolRows.flushed().only(LIMIT);
        assertThat(busy.poolName()).isEqualTo("Dispatchers.IO limited to 2");
        assertThat(busy.size()).isEqualTo(2);
        assertThat(busy.busy()).isEqualTo(2);
        assertThat(busy.queueDepth()).isEqualTo(TASKS - 2);

        open.countDown();
        assertThat(ended(LIMIT)).isEqualTo(TASKS);
        assertThat(Hooks.status().faults()).isZero();
    }

    private static long ended(String type) throws Exception {
        long ended = 0;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENT_SECONDS);
                ended < TASKS && System.nanoTime() < end; ) {
            for (PoolRow row : PoolRows.flushed().pools(type)) { // none while nothing happens
                ended += row.completions();
            }
        }
        return ended;
    }

    @Test
    void findsThePoolOfAThreadThatIsStuck() throws Exception {
        Thread worker = submit();
        Hooks.enable(true);
        PoolHooks.registerPoolOf(worker);
        PoolRow stuck = PoolRows.flushed().only(POOL);
        assertThat(stuck.busy()).isEqualTo(2);
        assertThat(stuck.queueDepth()).isEqualTo(TASKS - 2);
    }

    /** Returns one of the threads that hold the permits. */
    private Thread submit() throws Exception {
        List<?> executors = (List<?>) ((Supplier<?>) WeavingLoader.of(POOL).make("CoroutineTasks")).get();
        Thread[] worker = new Thread[1];
        for (int task = 0; task < IN_IO; task++) {
            ((Executor) executors.get(1)).execute(() -> {
                inIo.countDown();
                awaitQuietly(open);
            });
        }
        for (int task = 0; task < TASKS; task++) {
            ((Executor) executors.get(0)).execute(() -> {
                worker[0] = Thread.currentThread();
                running.countDown();
                awaitQuietly(open);
            });
        }
        assertThat(inIo.await(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(running.await(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return worker[0];
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
