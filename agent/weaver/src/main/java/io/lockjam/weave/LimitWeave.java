// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.TaskHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/**
 * What lets only so many be under way at a time and keeps the others in a queue, without a thread that waits.
 *
 * @param arguments of the methods that let one come
 */
record LimitWeave(String type, int arguments, List<String> methods) implements TypeWeave {
    /** What {@code limitedParallelism} of Kotlin gives, {@code Dispatchers.IO} among it, and Reactor's pool of connections. */
    static final List<TypeWeave> ALL = List.of(
            new LimitWeave("kotlinx.coroutines.internal.LimitedDispatcher", 2, List.of("dispatch", "dispatchYield")),
            new LimitWeave("reactor.pool.SimpleDequePool", 1, List.of("doAcquire")));

    @Override
    public List<Advised> advised() {
        return List.of(new Advised(
                namedOneOf(methods.toArray(new String[0])).and(takesArguments(arguments)), ComesAdvice.class));
    }

    /** One that begins at once or waits in the queue. */
    static final class ComesAdvice {
        private ComesAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool) {
            TaskHooks.counted(pool, false);
        }
    }
}
