// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Methods that wait for what they have handed to others: the fixture of {@link LocalSignalTest}, never run. */
@SuppressWarnings({"unused", "FutureReturnValueIgnored"}) // only the code is of interest
final class Handing {
    private final CountDownLatch shared = new CountDownLatch(1);
    private final List<CountDownLatch> kept = new ArrayList<>();

    void awaitsTasks(ExecutorService pool, int parts) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(parts);
        for (int i = 0; i < parts; i++) {
            int part = i;
            pool.submit(() -> {
                if (part > 0) {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    void awaitsAThread() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Runnable work = () -> {
            kept.clear();
            done.countDown();
        };
        Thread thread = new Thread(work, "worker");
        thread.start();
        done.await();
    }

    int joinsAResult(ExecutorService pool) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        pool.execute(() -> result.complete(1));
        return result.join();
    }

    int joinsAResultWithATimeLimit(ExecutorService pool) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        result.completeOnTimeout(0, 1, TimeUnit.SECONDS);
        pool.execute(() -> result.complete(1));
        return result.join();
    }

    void awaitsACallback(Consumer<Runnable> client) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        client.accept(() -> done.countDown());
        done.await();
    }

    void awaitsACallbackOfATask(ExecutorService pool, Consumer<Runnable> client) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        pool.submit(() -> client.accept(() -> done.countDown()));
        done.await();
    }

    void awaitsWhatIsKept(ExecutorService pool) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        kept.add(done);
        pool.submit(() -> done.countDown());
        done.await();
    }

    void awaitsAMethodReference(ExecutorService pool) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        pool.submit(done::countDown);
        done.await();
    }

    void otherThreadsAwaitATask(ExecutorService pool) {
        CountDownLatch done = new CountDownLatch(1);
        pool.submit(() -> done.countDown());
        new Thread(() -> {
                    try {
                        done.await();
                    } catch (InterruptedException stopped) {
                        kept.clear();
                    }
                })
                .start();
    }

    void countsDownItself() {
        CountDownLatch done = new CountDownLatch(1);
        new Thread(() -> {
                    try {
                        done.await();
                    } catch (InterruptedException stopped) {
                        kept.clear();
                    }
                })
                .start();
        done.countDown();
    }

    void joinsAll(ExecutorService pool) {
        CompletableFuture<Integer> one = new CompletableFuture<>();
        CompletableFuture<Integer> two = CompletableFuture.supplyAsync(() -> 2, pool);
        pool.execute(() -> one.complete(1));
        CompletableFuture.allOf(one, two).join();
    }

    void joinsAllAndAnother(ExecutorService pool, CompletableFuture<Integer> another) {
        CompletableFuture<Integer> one = new CompletableFuture<>();
        pool.execute(() -> one.complete(1));
        CompletableFuture.allOf(one, another).join();
    }

    void waitsForATaskThatNobodyRuns() throws Exception {
        FutureTask<Integer> task = new FutureTask<>(() -> 1);
        task.get();
    }

    void waitsForATaskOfAThread() throws Exception {
        FutureTask<Integer> task = new FutureTask<>(() -> 1);
        new Thread(task).start();
        task.get();
    }

    void waitsForATaskThatALambdaRuns(ExecutorService pool) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(() -> 1);
        pool.execute(() -> task.run());
        task.get();
    }

    void awaitsAField(ExecutorService pool) throws InterruptedException {
        pool.submit(() -> shared.countDown());
        shared.await();
    }

    void awaitsNobody(ExecutorService pool) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        pool.submit(() -> done.getCount());
        done.await();
    }
}
