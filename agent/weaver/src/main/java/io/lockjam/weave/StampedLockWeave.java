// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.WaitHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** The queued acquires of StampedLock, which is no AbstractQueuedSynchronizer. */
final class StampedLockWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.locks.StampedLock";
    }

    @Override
    public List<Advised> advised() {
        // private long acquireWrite(boolean interruptible, boolean timed, long time) and acquireRead: same in 17 and 25
        return List.of(
                new Advised(named("acquireWrite").and(takesArguments(3)), WriteAdvice.class),
                new Advised(named("acquireRead").and(takesArguments(3)), ReadAdvice.class));
    }

    /** The result is the stamp, at least 128; 0 after a time-out, 1 if interrupted. */
    static final class WriteAdvice {
        private WriteAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.This Object lock) {
            return WaitHooks.beforeAcquire(lock, false);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token, @Advice.Return long stamp) {
            WaitHooks.afterAcquire(token, stamp > 1);
        }
    }

    /** As for writing. */
    static final class ReadAdvice {
        private ReadAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.This Object lock) {
            return WaitHooks.beforeAcquire(lock, true);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token, @Advice.Return long stamp) {
            WaitHooks.afterAcquire(token, stamp > 1);
        }
    }
}
