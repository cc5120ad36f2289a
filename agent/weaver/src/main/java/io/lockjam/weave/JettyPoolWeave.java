// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.PoolHooks;
import io.lockjam.boot.TaskHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Tasks of Jetty's QueuedThreadPool, 9.4 to 12. */
final class JettyPoolWeave implements TypeWeave {
    @Override
    public String type() {
        return "org.eclipse.jetty.util.thread.QueuedThreadPool";
    }

    @Override
    public List<Advised> advised() {
        return List.of(
                new Advised(named("execute").and(takesArguments(1)), ExecuteAdvice.class),
                new Advised(named("runJob").and(takesArguments(1)), RunAdvice.class));
    }

    /** Handed in, or refused by an exception; also used for other pools. */
    static final class ExecuteAdvice {
        private ExecuteAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool, @Advice.Argument(0) @Nullable Object task) {
            TaskHooks.submitted(pool, task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.This Object pool, @Advice.Thrown @Nullable Throwable refusal) {
            if (refusal != null) {
                PoolHooks.rejected(pool);
            }
        }
    }

    /** Taken by a thread of the pool, and ended. */
    static final class RunAdvice {
        private RunAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static boolean enter(@Advice.This Object pool, @Advice.Argument(0) @Nullable Object task) {
            return TaskHooks.started(pool, task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.This Object pool, @Advice.Enter boolean counted) {
            TaskHooks.ended(pool, counted);
        }
    }
}
