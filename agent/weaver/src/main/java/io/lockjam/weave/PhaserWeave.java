// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.WaitHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Threads that have arrived at a Phaser and wait for the others, at first spinning. */
final class PhaserWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.Phaser";
    }

    @Override
    public List<Advised> advised() {
        // private int internalAwaitAdvance(int phase, QNode node): same in 17 and 25
        return List.of(new Advised(named("internalAwaitAdvance").and(takesArguments(2)), AwaitAdvice.class));
    }

    /** Ends with the next phase, or by time-out or interruption, which the node alone knows. */
    static final class AwaitAdvice {
        private AwaitAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.This Object phaser) {
            return WaitHooks.beforeMeeting(phaser);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }
}
