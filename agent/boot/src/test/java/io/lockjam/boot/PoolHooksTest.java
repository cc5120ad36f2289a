// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PoolHooksTest {
    /** A pool whose getters must not be called by us. */
    private static final class Touchy extends ThreadPoolExecutor {
        Touchy() {
            super(1, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(5));
        }

        @Override
        public int getPoolSize() {
            throw new AssertionError("called user code");
        }

        @Override
        public java.util.concurrent.BlockingQueue<Runnable> getQueue() {
            throw new AssertionError("called user code");
        }

        @Override
        public String toString() {
            throw new AssertionError("called user code");
        }
    }

    private final Touchy pool = new Touchy();

    @BeforeEach
    void on() {
        Hooks.install();
        Hooks.clear();
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
        pool.shutdownNow();
    }

    @Test
    void readsSizesAndDepthFromFields() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        PoolHooks.register(pool);
        pool.execute(() -> {
            started.countDown();
            awaitQuietly(gate);
        });
        pool.execute(() -> {});
        started.await();

        PoolRow row = Rows.flushed().pools.get(0);
        gate.countDown();

        assertThat(row.type()).isEqualTo("threads");
        assertThat(row.poolClassName()).isEqualTo(Touchy.class.getName());
        assertThat(row.size()).isOne();
        assertThat(row.maxSize()).isEqualTo(2);
        assertThat(row.busy()).isOne();
        assertThat(row.queueDepth()).isOne();
        assertThat(row.queueCapacity()).isEqualTo(5);
        assertThat(row.poolName()).matches("pool-\\d+-thread-#");
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void timesATaskFromSubmissionToEnd() {
        Object task = new Object();
        PoolHooks.submitted(pool, task);
        PoolHooks.afterTask(pool, task);
        PoolHooks.beforeTask(pool);
        PoolHooks.rejected(pool);

        PoolRow row = Rows.flushed().pools.get(0);

        assertThat(row.timed()).isOne();
        assertThat(row.queueTime()).isPositive();
        assertThat(row.serviceTime()).isPositive();
        assertThat(row.rejections()).isOne();
    }

    @Test
    void aTaskThatItsSubmitterRunsOrThatComesAfterTheEndIsNotRefused() {
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        PoolHooks.register(pool);
        PoolHooks.rejected(pool);
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        PoolHooks.rejected(pool);
        pool.shutdown();
        PoolHooks.rejected(pool);

        assertThat(Rows.flushed().pools.get(0).rejections()).isOne();
    }

    @Test
    void countsArrivalsAndTheMostBusyAtEveryLook() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch gate = new CountDownLatch(1);
        pool.setCorePoolSize(2);
        PoolHooks.register(pool);
        Hooks.tick();
        for (int i = 0; i < 2; i++) {
            pool.execute(() -> {
                started.countDown();
                awaitQuietly(gate);
            });
        }
        pool.execute(() -> {});
        started.await();
        PoolRow row = Rows.flushed().pools.get(0);
        gate.countDown();

        assertThat(row.busyMost()).isEqualTo(2);
        assertThat(row.looks()).isPositive();
        // three came, the square of which it is if all came between two looks and no others were made
        assertThat(row.arrivalSquares() * row.looked() / 1e9).isGreaterThan(8.99);
    }

    @Test
    void aPoolThatCannotBeReadIsLeftAloneAndTheHooksStayOn() {
        AtomicInteger looks = new AtomicInteger();
        PoolStat stat = new PoolStat(pool, new PoolReader() {
            @Override
            PoolView.@Nullable Look look(Object of, PoolStat into) {
                if (looks.incrementAndGet() == 2) {
                    return null; // one that can be read now and then is asked on
                }
                throw new ArrayIndexOutOfBoundsException();
            }
        });
        for (int i = 0; i < 200; i++) {
            stat.view.look(pool, stat);
        }

        assertThat(looks).hasValue(22);
        assertThat(Hooks.status().faults()).isOne();
        assertThat(Hooks.enabled()).isTrue();
    }

    @Test
    void timesNoTaskThatANewThreadBeginsWith() {
        Object task = new Object();
        PoolHooks.submitted(pool, task);
        PoolHooks.workerAdded(pool, task);
        PoolHooks.afterTask(pool, task);
        PoolHooks.beforeTask(pool);
        Rows.flushed().pools.forEach(row -> assertThat(row.timed()).isZero());
    }

    @Test
    void knowsForkJoinPoolsAndLeavesOthersAlone() {
        PoolHooks.register(ForkJoinPool.commonPool());
        PoolHooks.register("no pool");
        ForkJoinPool.commonPool().submit(() -> {}).join();
        Hooks.tick();
        assertThat(PoolAccess.masked("http-8080-exec-12")).isEqualTo("http-#-exec-#");
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void numbersThatAllThreadsOfAPoolShareAreKeptInItsName() {
        assertThat(named("pool-1-thread-1")).isEqualTo("pool-1-thread-#");
        assertThat(named("pool-1-thread-9", "pool-1-thread-10", "pool-1-thread-11"))
                .isEqualTo("pool-1-thread-#");
        assertThat(named("eu-1-db-7", "eu-2-db-7")).isEqualTo("eu-#-db-7");
        assertThat(named("web-3 GET /orders/17", "web-4", "web-5 GET /")).isEqualTo("web-#");
        assertThat(named("timer")).isEqualTo("timer");
    }

    private static @Nullable String named(String... threads) {
        return PoolAccess.name(Stream.of(threads)
                .map(name -> new Thread(() -> {}, name))
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    @Test
    void aForkJoinPoolIsCalledByTheNamesThatItsThreadsWereGiven() throws Throwable {
        ForkJoinPool named = new ForkJoinPool(
                1,
                of -> {
                    ForkJoinWorkerThread worker = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(of);
                    worker.setName("acme-dispatcher-7");
                    return worker;
                },
                null,
                true);
        named.submit(() -> {}).join();
        assertThat(PoolAccess.forkJoin(named))
                .isNotNull()
                .extracting(PoolView.Look::name)
                .isEqualTo("acme-dispatcher-#");
        named.shutdown();
    }

    /** The pool itself counts what a worker took only when that finds nothing more in the queue. */
    @Test
    void tasksOfAForkJoinPoolCountWhileItIsNeverWithoutOne() throws Throwable {
        CountDownLatch allIn = new CountDownLatch(1);
        CountDownLatch atLast = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ForkJoinPool busy = new ForkJoinPool(1);
        busy.execute(() -> awaitQuietly(allIn));
        for (int i = 0; i < 50; i++) {
            busy.execute(() -> {});
        }
        busy.execute(() -> {
            atLast.countDown();
            awaitQuietly(end);
        });
        allIn.countDown();
        atLast.await();

        assertThat(PoolAccess.forkJoin(busy))
                .isNotNull()
                .satisfies(look -> assertThat(look.completed()).isBetween(50L, 53L));
        end.countDown();
        busy.shutdown();
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
