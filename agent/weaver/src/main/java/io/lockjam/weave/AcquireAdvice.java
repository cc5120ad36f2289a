// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.WaitHooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Copied into {@code acquire} of both queued synchronisers: static, stateless, one call each way. */
final class AcquireAdvice {
    private AcquireAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static @Nullable Object enter(@Advice.This Object synchroniser, @Advice.Argument(2) boolean shared) {
        return WaitHooks.beforeAcquire(synchroniser, shared);
    }

    /** The result is 1 if granted, 0 after a time-out, negative if interrupted. */
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
    static void exit(@Advice.Enter @Nullable Object token, @Advice.Return int result) {
        WaitHooks.afterAcquire(token, result > 0);
    }
}
