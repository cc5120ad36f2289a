// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.PoolHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** What a thread made for one task runs: with a result to come, or without. */
record PerTaskRunWeave(String type) implements TypeWeave {
    private static final String EXECUTOR = "java.util.concurrent.ThreadPerTaskExecutor";

    static final List<TypeWeave> ALL = List.of(
            new PerTaskRunWeave(EXECUTOR + "$TaskRunner"), new PerTaskRunWeave(EXECUTOR + "$ThreadBoundFuture"));

    @Override
    public List<Advised> advised() {
        return List.of(new Advised(named("run").and(takesArguments(0)), RunAdvice.class));
    }

    /** The thread has a core, or a carrier. */
    static final class RunAdvice {
        private RunAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue(value = "executor", typing = Assigner.Typing.DYNAMIC) Object executor) {
            PoolHooks.afterTask(executor, Thread.currentThread());
        }
    }
}
