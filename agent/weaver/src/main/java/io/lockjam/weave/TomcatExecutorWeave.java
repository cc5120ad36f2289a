// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.PoolHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's own ThreadPoolExecutor.
 *
 * <p>From 10.1 on it is a copy of the JDK's with the same private methods. Before, it was a subclass, which has none of
 * these methods and whose tasks are seen in the JDK's class.
 */
final class TomcatExecutorWeave implements TypeWeave {
    @Override
    public String type() {
        return "org.apache.tomcat.util.threads.ThreadPoolExecutor";
    }

    @Override
    public List<Advised> advised() {
        // reject is not woven: execute catches what it throws and queues the task after all, if there is room
        return List.of(
                new Advised(
                        named("executeInternal").and(takesArguments(1)), ThreadPoolExecutorWeave.ExecuteAdvice.class),
                new Advised(named("getTask").and(takesArguments(0)), ThreadPoolExecutorWeave.TaskAdvice.class),
                new Advised(named("addWorker").and(takesArguments(2)), ThreadPoolExecutorWeave.WorkerAdvice.class),
                new Advised(named("execute").and(takesArguments(1)).and(this::isCopy), RefusedAdvice.class));
    }

    private boolean isCopy(MethodDescription method) {
        return !method.getDeclaringType()
                .getDeclaredMethods()
                .filter(named("executeInternal"))
                .isEmpty();
    }

    /** A task for which there was no room. */
    static final class RefusedAdvice {
        private RefusedAdvice() {}

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.This Object pool, @Advice.Thrown @Nullable Throwable refusal) {
            if (refusal != null) {
                PoolHooks.rejected(pool);
            }
        }
    }
}
