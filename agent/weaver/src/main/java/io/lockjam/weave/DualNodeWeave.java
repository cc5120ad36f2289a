// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.WaitHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Hand-offs of LinkedTransferQueue and SynchronousQueue in JDKs where both wait in the node they queue. */
final class DualNodeWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.LinkedTransferQueue$DualNode";
    }

    @Override
    public List<Advised> advised() {
        // final Object await(Object e, long ns, Object blocker, boolean spin), in 25; the blocker is the queue
        return List.of(new Advised(named("await").and(takesArguments(4)), AwaitAdvice.class));
    }

    /** Returns the element given if it was not taken. */
    static final class AwaitAdvice {
        private AwaitAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.Argument(0) @Nullable Object element, @Advice.Argument(2) Object queue) {
            return WaitHooks.beforeTransfer(queue, element != null);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(
                @Advice.Enter @Nullable Object token,
                @Advice.Argument(0) @Nullable Object element,
                @Advice.Return @Nullable Object match) {
            WaitHooks.afterTransfer(token, match != element);
        }
    }
}
