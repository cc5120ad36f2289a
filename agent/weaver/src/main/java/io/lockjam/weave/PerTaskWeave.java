// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.TaskHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** The JDK's executor that makes a thread for each task: threads that start and end (21 and later). */
final class PerTaskWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.ThreadPerTaskExecutor";
    }

    @Override
    public List<Advised> advised() {
        return List.of(
                new Advised(named("start").and(takesArgument(0, Thread.class)), StartAdvice.class),
                new Advised(named("taskComplete").and(takesArguments(1)), EndAdvice.class));
    }

    /** Before the thread can run. */
    static final class StartAdvice {
        private StartAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object executor, @Advice.Argument(0) Object thread) {
            TaskHooks.submitted(executor, thread);
        }
    }

    /** Called by the thread at its end. */
    static final class EndAdvice {
        private EndAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object executor) {
            TaskHooks.ended(executor, false);
        }
    }
}
