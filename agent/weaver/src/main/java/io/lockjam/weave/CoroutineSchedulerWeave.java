// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.CoroutineHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** The scheduler behind Kotlin's {@code Dispatchers.Default}. */
final class CoroutineSchedulerWeave implements TypeWeave {
    @Override
    public String type() {
        return "kotlinx.coroutines.scheduling.CoroutineScheduler";
    }

    @Override
    public List<Advised> advised() {
        return List.of(new Advised(named("runSafely").and(takesArguments(1)), RunAdvice.class));
    }

    /** One task, on the thread that runs it. */
    static final class RunAdvice {
        private RunAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool, @Advice.Argument(0) Object task) {
            CoroutineHooks.starts(pool, task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.This Object pool) {
            CoroutineHooks.ends(pool);
        }
    }
}
