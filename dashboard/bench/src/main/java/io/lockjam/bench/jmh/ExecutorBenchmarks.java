// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.jmh;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Empty tasks, handed over in batches so that the worker does not go to sleep between two. */
@State(Scope.Thread)
public class ExecutorBenchmarks {
    private static final int BATCH = 1_000;

    private final ExecutorService pool = Executors.newFixedThreadPool(1);
    private final ForkJoinPool forkJoin = new ForkJoinPool(1);

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void execute() throws InterruptedException {
        batch(pool);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void forkJoinExecute() throws InterruptedException {
        batch(forkJoin);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Object supplyAsync() {
        CompletableFuture<Object> last = CompletableFuture.supplyAsync(Object::new, forkJoin);
        for (int i = 1; i < BATCH; i++) {
            last = CompletableFuture.supplyAsync(Object::new, forkJoin);
        }
        return last.join();
    }

    @TearDown
    public void close() {
        pool.shutdown();
        forkJoin.shutdown();
    }

    private static void batch(Executor executor) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 1; i < BATCH; i++) {
            executor.execute(() -> {});
        }
        executor.execute(done::countDown);
        done.await();
    }
}
