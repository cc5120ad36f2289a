// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.PoolHooks;
import io.lockjam.boot.PoolRow;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quartz, woven and verified: how many of its threads are busy, and how late jobs start. */
class QuartzWeaveTest {
    private static final String POOL = "org.quartz.simpl.SimpleThreadPool";
    private static final long PATIENT_SECONDS = 30;
    private static final int JOBS = 5;

    @BeforeEach
    void on() {
        Hooks.clear();
        assertThat(Hooks.install()).isEmpty();
        Hooks.preload(false);
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
    }

    @Test
    void tellsHowLateJobsStart() throws Exception {
        Executor jobs =
                (Executor) WeavingLoader.of("org.quartz.core.JobRunShell").make("QuartzJobs");
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch open = new CountDownLatch(1);
        for (int job = 0; job < JOBS; job++) {
            jobs.execute(() -> {
                both.countDown();
                awaitQuietly(open);
            });
        }
        assertThat(both.await(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        PoolRow busy = PoolRows.flushed().only(POOL);
        assertThat(busy.type()).isEqualTo("scheduled");
        assertThat(busy.size()).isEqualTo(2);
        assertThat(busy.busy()).isEqualTo(2);
        assertThat(busy.poolName()).isEqualTo("Shop_Worker-#");

        open.countDown();
        long ended = 0;
        long late = 0;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENT_SECONDS);
                ended < JOBS && System.nanoTime() < end; ) {
            for (PoolRow row : PoolRows.flushed().pools(POOL)) { // none while nothing happens
                ended += row.completions();
                late += row.queueTime();
            }
        }
        assertThat(ended).isEqualTo(JOBS);
        // of the two that begin at once only one may make the pool known
        assertThat(late).isGreaterThanOrEqualTo((JOBS - 1) * TimeUnit.SECONDS.toNanos(30));
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void isKnownByItsThreadsWhereNoJobBeginsOrEnds() throws Exception {
        Executor jobs =
                (Executor) WeavingLoader.of("org.quartz.core.JobRunShell").make("QuartzJobs");
        Hooks.enable(false);
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch open = new CountDownLatch(1);
        AtomicReference<Thread> worker = new AtomicReference<>();
        for (int job = 0; job < 2; job++) {
            jobs.execute(() -> {
                worker.set(Thread.currentThread());
                both.countDown();
                awaitQuietly(open);
            });
        }
        assertThat(both.await(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        Hooks.enable(true);
        assertThat(PoolRows.flushed().pools(POOL)).isEmpty();

        PoolHooks.registerPoolOf(Objects.requireNonNull(worker.get()));

        assertThat(PoolRows.flushed().only(POOL).busy()).isEqualTo(2);
        open.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
