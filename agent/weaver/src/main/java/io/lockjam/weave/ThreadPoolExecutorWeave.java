// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.PoolHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Tasks of a ThreadPoolExecutor: handed in, taken by a worker, ended, refused. */
final class ThreadPoolExecutorWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.ThreadPoolExecutor";
    }

    @Override
    public List<Advised> advised() {
        // getTask and not runWorker, which workers that were there before us never leave
        return List.of(
                new Advised(named("execute").and(takesArguments(1)), ExecuteAdvice.class),
                new Advised(named("getTask").and(takesArguments(0)), TaskAdvice.class),
                new Advised(named("addWorker").and(takesArguments(2)), WorkerAdvice.class),
                new Advised(named("reject").and(takesArguments(1)), RejectAdvice.class));
    }

    /** Before the task can be taken by a worker. */
    static final class ExecuteAdvice {
        private ExecuteAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool, @Advice.Argument(0) @Nullable Object task) {
            PoolHooks.submitted(pool, task);
        }
    }

    /** Asking for a task ends the one before; returning one begins it. */
    static final class TaskAdvice {
        private TaskAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool) {
            PoolHooks.beforeTask(pool);
        }

        @Advice.OnMethodExit(suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.This Object pool, @Advice.Return @Nullable Object task) {
            PoolHooks.afterTask(pool, task);
        }
    }

    /** A thread that begins with a task of its own. */
    static final class WorkerAdvice {
        private WorkerAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool, @Advice.Argument(0) @Nullable Object firstTask) {
            PoolHooks.workerAdded(pool, firstTask);
        }
    }

    /** Also called when the pool has been shut down. */
    static final class RejectAdvice {
        private RejectAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool) {
            PoolHooks.rejected(pool);
        }
    }
}
