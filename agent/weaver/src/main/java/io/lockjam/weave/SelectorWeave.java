// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.LoopHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** The JDK's selectors, where event loops wait: all forms of select go through one method. */
final class SelectorWeave implements TypeWeave {
    @Override
    public String type() {
        return "sun.nio.ch.SelectorImpl";
    }

    @Override
    public List<Advised> advised() {
        // private int lockAndDoSelect(Consumer<SelectionKey> action, long timeout): same in 17 and 25
        return List.of(new Advised(named("lockAndDoSelect").and(takesArguments(2)), PollAdvice.class));
    }

    /** A wait for events; the time to the next one is a turn of the loop. */
    static final class PollAdvice {
        private PollAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter() {
            LoopHooks.beforeWait();
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit() {
            LoopHooks.afterWait();
        }
    }
}
