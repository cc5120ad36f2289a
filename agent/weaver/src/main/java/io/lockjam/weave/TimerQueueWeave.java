// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.PoolHooks;
import io.lockjam.boot.TimerHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Tasks of a {@link java.util.Timer}, by what its loop asks of its queue; the loop itself never returns. */
final class TimerQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.TaskQueue";
    }

    @Override
    public List<Advised> advised() {
        // add is called by schedule, the others by the loop alone: same in 17 and 25
        return List.of(
                new Advised(named("add").and(takesArguments(1)), AddAdvice.class),
                new Advised(named("rescheduleMin").and(takesArguments(1)), AgainAdvice.class),
                new Advised(named("removeMin").and(takesArguments(0)), OnceAdvice.class),
                new Advised(named("isEmpty").and(takesArguments(0)), AskAdvice.class));
    }

    /** A task is scheduled. */
    static final class AddAdvice {
        private AddAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object queue, @Advice.Argument(0) @Nullable Object task) {
            PoolHooks.submitted(queue, task);
        }
    }

    /** A task that repeats is due. */
    static final class AgainAdvice {
        private AgainAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object queue) {
            TimerHooks.starts(queue, true);
        }
    }

    /** A task that does not repeat is due, or has been cancelled. */
    static final class OnceAdvice {
        private OnceAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object queue) {
            TimerHooks.starts(queue, false);
        }
    }

    /** The loop begins again. */
    static final class AskAdvice {
        private AskAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object queue) {
            TimerHooks.asks(queue);
        }
    }
}
