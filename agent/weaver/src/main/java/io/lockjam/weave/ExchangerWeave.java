// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.WaitHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait at an Exchanger for a partner, at first spinning, which takes long where cores are short.
 *
 * <p>Every exchange is a meeting of two threads; the second finds the first there and returns at once, which does not count.
 */
final class ExchangerWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.Exchanger";
    }

    @Override
    public List<Advised> advised() {
        // 17: private Object slotExchange and arenaExchange(Object item, boolean timed, long ns); 25: private V xchg(V
        // x, long ns)
        return List.of(
                new Advised(named("slotExchange").and(takesArguments(3)), ExchangeAdvice.class),
                new Advised(named("arenaExchange").and(takesArguments(3)), ExchangeAdvice.class),
                new Advised(named("xchg").and(takesArguments(2)), ExchangeAdvice.class));
    }

    /** Ends with the partner's item, or by time-out or interruption. */
    static final class ExchangeAdvice {
        private ExchangeAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.This Object exchanger) {
            return WaitHooks.beforeMeeting(exchanger);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }
}
