// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.PoolHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Tasks handed to a scheduled pool, which does not go through {@code execute}. */
final class ScheduledThreadPoolExecutorWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.ScheduledThreadPoolExecutor";
    }

    @Override
    public List<Advised> advised() {
        // private void delayedExecute(RunnableScheduledFuture task): same in 17 and 25
        return List.of(new Advised(named("delayedExecute").and(takesArguments(1)), ExecuteAdvice.class));
    }

    /** Before the task can be taken by a worker. */
    static final class ExecuteAdvice {
        private ExecuteAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool, @Advice.Argument(0) @Nullable Object task) {
            PoolHooks.submitted(pool, task);
        }
    }
}
