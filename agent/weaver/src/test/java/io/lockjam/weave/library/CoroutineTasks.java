// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.scheduling.CoroutineScheduler;

/** Kotlin's scheduler with two permits; the first executor is its {@code Dispatchers.Default}, the second its {@code Dispatchers.IO}; the third is a limit of two on that. */
public final class CoroutineTasks implements Supplier<List<Executor>> {
    private static final int THREADS = 8;
    private static final long KEPT = 60_000_000_000L; // ns

    @Override
    public List<Executor> get() {
        CoroutineScheduler scheduler = new CoroutineScheduler(2, THREADS, KEPT, "DefaultDispatcher");
        CoroutineDispatcher limited = Dispatchers.getIO().limitedParallelism(2, null);
        return List.of(
                task -> scheduler.dispatch(task, false, false),
                task -> scheduler.dispatch(task, true, false),
                task -> limited.dispatch(EmptyCoroutineContext.INSTANCE, task));
    }
}
