// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.PoolRow;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real thread pools that are not the JDK's, woven and verified: sizes and counts are right. */
class LibraryPoolsWeaveTest {
    private static final int TASKS = 200;
    private static final int THREADS = 4;
    private static final long PATIENT_SECONDS = 30;

    /** A thread pool of four threads. */
    @SuppressWarnings("ArrayRecordComponent") // listed like arguments, never compared
    record Library(String user, String pool, String name, String... types) {
        @Override
        public String toString() {
            return user;
        }
    }

    static Stream<Library> libraries() {
        return Stream.of(
                new Library(
                        "TomcatThreads",
                        "org.apache.tomcat.util.threads.ThreadPoolExecutor",
                        "http-nio-exec-#",
                        "org.apache.tomcat.util.threads.ThreadPoolExecutor"),
                new Library(
                        "JettyThreads",
                        "org.eclipse.jetty.util.thread.QueuedThreadPool",
                        "requests-#",
                        "org.eclipse.jetty.util.thread.QueuedThreadPool"),
                new Library(
                        "EnhancedQueueThreads",
                        "org.jboss.threads.EnhancedQueueExecutor",
                        "XNIO-1 task-#",
                        "org.jboss.threads.EnhancedQueueExecutor"));
    }

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

    @ParameterizedTest
    @MethodSource("libraries")
    void countsTasksAndThreads(Library library) throws Exception {
        Executor pool =
                (Executor) ((Supplier<?>) WeavingLoader.of(library.types).make(library.user)).get();
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(TASKS);
        for (int task = 0; task < TASKS; task++) {
            pool.execute(() -> {
                try {
                    open.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
        }
        PoolRow busy = awaitBusy(library);
        assertThat(busy.type()).isEqualTo("threads");
        assertThat(busy.size()).isEqualTo(THREADS);
        assertThat(busy.maxSize()).isEqualTo(THREADS);
        assertThat(busy.queueDepth()).isEqualTo(TASKS - THREADS);
        assertThat(busy.poolName()).startsWith(library.name);

        open.countDown();
        assertThat(done.await(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        awaitCompletions(library);
        assertThat(completions).isEqualTo(TASKS);
        assertThat(arrivals)
                .as("a task of Tomcat's can be seen as done and as still running")
                .isBetween((long) TASKS, (long) TASKS + (library.user.startsWith("Tomcat") ? THREADS : 0));
        assertThat(rejections).isZero();
        assertThat(timed).as("one task in 64").isBetween(1L, 4L);
        assertThat(Hooks.status().faults()).isZero();
    }

    /** Woven classes run before the hooks are switched on: what they began then ends unseen. */
    @ParameterizedTest
    @MethodSource("libraries")
    void countsThreadsThatWereBusyBefore(Library library) throws Exception {
        Executor pool =
                (Executor) ((Supplier<?>) WeavingLoader.of(library.types).make(library.user)).get();
        Semaphore before = new Semaphore(0);
        Semaphore begun = new Semaphore(0);
        Semaphore open = new Semaphore(0);
        Hooks.enable(false);
        for (int task = 0; task < 2 * THREADS; task++) {
            Semaphore gate = task < THREADS ? before : open;
            pool.execute(() -> {
                begun.release();
                gate.acquireUninterruptibly();
            });
        }
        assertThat(begun.tryAcquire(THREADS, PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        Hooks.enable(true);
        for (int thread = 0; thread < THREADS; thread++) { // each ends one task and begins the next
            before.release();
            assertThat(begun.tryAcquire(PATIENT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        pool.execute(() -> {}); // makes the pool known
        assertThat(awaitBusy(library).busy()).isEqualTo(THREADS);
        open.release(THREADS);
    }

    private long arrivals;
    private long completions;
    private long rejections;
    private long timed;

    private void add(PoolRow row) {
        arrivals += row.arrivals();
        completions += row.completions();
        rejections += row.rejections();
        timed += row.timed();
    }

    private PoolRow awaitBusy(Library library) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENT_SECONDS);
        PoolRow row = PoolRows.flushed().only(library.pool);
        add(row);
        while (row.busy() < THREADS && System.nanoTime() < end) {
            row = PoolRows.flushed().only(library.pool);
            add(row);
        }
        assertThat(row.busy()).isEqualTo(THREADS);
        return row;
    }

    private void awaitCompletions(Library library) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENT_SECONDS);
        while (completions < TASKS && System.nanoTime() < end) {
            PoolRows.flushed().pools(library.pool).forEach(this::add);
        }
    }
}
