// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.QuartzHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Jobs of Quartz 2, on the threads that run them. */
final class QuartzJobWeave implements TypeWeave {
    @Override
    public String type() {
        return "org.quartz.core.JobRunShell";
    }

    @Override
    public List<Advised> advised() {
        return List.of(new Advised(named("run").and(takesArguments(0)), RunAdvice.class));
    }

    /** One job, once. */
    static final class RunAdvice {
        private RunAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object shell) {
            QuartzHooks.starts(shell);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit() {
            QuartzHooks.ends();
        }
    }
}
