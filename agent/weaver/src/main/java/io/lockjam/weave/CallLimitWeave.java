// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.nameEndsWith;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;

import io.lockjam.boot.TaskHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Asynchronous calls handed to OkHttp's Dispatcher; Kotlin adds its module to the names of the methods. */
final class CallLimitWeave implements TypeWeave {
    @Override
    public String type() {
        return "okhttp3.Dispatcher";
    }

    @Override
    public List<Advised> advised() {
        return List.of(
                new Advised(
                        nameStartsWith("enqueue").and(takesArgument(0, nameEndsWith("AsyncCall"))), ComesAdvice.class),
                new Advised(
                        nameStartsWith("finished").and(takesArgument(0, nameEndsWith("AsyncCall"))), EndsAdvice.class));
    }

    /** A call that runs at once or waits in the list. */
    static final class ComesAdvice {
        private ComesAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool) {
            TaskHooks.counted(pool, false);
        }
    }

    /** It has its answer, or none. */
    static final class EndsAdvice {
        private EndsAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object pool) {
            TaskHooks.counted(pool, true);
        }
    }
}
