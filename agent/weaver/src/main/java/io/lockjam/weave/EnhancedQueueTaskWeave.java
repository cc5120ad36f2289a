// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.TaskHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** A task of an EnhancedQueueExecutor, in which it wraps what it was handed. */
final class EnhancedQueueTaskWeave implements TypeWeave {
    @Override
    public String type() {
        return "org.jboss.threads.EnhancedQueueExecutor$Task";
    }

    @Override
    public List<Advised> advised() {
        return List.of(new Advised(named("run").and(takesArguments(0)), RunAdvice.class));
    }

    /** Taken by a thread of the pool, and ended. */
    static final class RunAdvice {
        private RunAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static boolean enter(
                @Advice.FieldValue(value = "this$0", typing = Assigner.Typing.DYNAMIC) Object pool,
                @Advice.FieldValue(value = "delegate", typing = Assigner.Typing.DYNAMIC) @Nullable Object task) {
            return TaskHooks.started(pool, task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(
                @Advice.FieldValue(value = "this$0", typing = Assigner.Typing.DYNAMIC) Object pool,
                @Advice.Enter boolean counted) {
            TaskHooks.ended(pool, counted);
        }
    }
}
