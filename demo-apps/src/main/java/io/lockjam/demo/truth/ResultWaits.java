// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for a result that takes 20 ms, and for threads to end and classes to be initialised. */
final class ResultWaits {
    private static final int PAIRS = 2;

    private ResultWaits() {}

    static void futureTask(Rounds rounds) {
        for (int i = 0; i < PAIRS; i++) {
            AtomicReference<FutureTask<Integer>> asked = new AtomicReference<>();
            rounds.repeatAndOnceMore(() -> {
                Rounds.hold();
                FutureTask<Integer> task = asked.getAndSet(null);
                if (task != null) {
                    task.run();
                }
            });
            rounds.repeat(() -> {
                FutureTask<Integer> task = new FutureTask<>(() -> 1);
                asked.set(task);
                rounds.measure(task::get);
            });
        }
    }

    static void completableGet(Rounds rounds) {
        completed(rounds, CompletableFuture::get);
    }

    static void completableJoin(Rounds rounds) {
        completed(rounds, CompletableFuture::join);
    }

    static void forkJoinTask(Rounds rounds) {
        ForkJoinPool pool = new ForkJoinPool(PAIRS);
        for (int i = 0; i < PAIRS; i++) {
            rounds.repeat(() -> {
                ForkJoinTask<Integer> task = pool.submit(() -> {
                    Rounds.hold();
                    return 1;
                });
                rounds.measure(task::join);
            });
        }
    }

    static void threadJoin(Rounds rounds) {
        for (int i = 0; i < PAIRS; i++) {
            rounds.repeat(() -> {
                Thread worker = rounds.startUncounted(Rounds::hold);
                rounds.measure(worker::join);
            });
        }
    }

    /** One thread initialises a fresh class for 20 ms, the others want it meanwhile. */
    static void classInit(Rounds rounds) {
        AtomicReference<SlowStartLoader> next = new AtomicReference<>(new SlowStartLoader());
        rounds.repeatAsOwner(() -> {
            SlowStartLoader fresh = new SlowStartLoader();
            fresh.load();
            next.set(fresh);
            fresh.initialise();
            Rounds.pause();
        });
        for (int i = 0; i < PAIRS; i++) {
            rounds.start(() -> {
                SlowStartLoader seen = next.get();
                while (!rounds.over()) {
                    SlowStartLoader fresh = Objects.requireNonNull(next.get());
                    Thread.sleep(1);
                    if (fresh != seen) {
                        rounds.measure(fresh::initialise);
                        seen = fresh;
                    }
                }
            });
        }
    }

    private static void completed(Rounds rounds, Waiting waiting) {
        for (int i = 0; i < PAIRS; i++) {
            AtomicReference<CompletableFuture<Integer>> asked = new AtomicReference<>();
            rounds.repeatAndOnceMore(() -> {
                Rounds.hold();
                CompletableFuture<Integer> future = asked.getAndSet(null);
                if (future != null) {
                    future.complete(1);
                }
            });
            rounds.repeat(() -> {
                CompletableFuture<Integer> future = new CompletableFuture<>();
                asked.set(future);
                rounds.measure(() -> waiting.on(future));
            });
        }
    }

    /** One of the ways to wait for a future. */
    @FunctionalInterface
    private interface Waiting {
        Object on(CompletableFuture<Integer> future) throws Exception;
    }
}
