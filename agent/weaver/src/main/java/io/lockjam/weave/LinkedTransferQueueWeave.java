// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.WaitHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Hand-offs of a LinkedTransferQueue in JDKs where the queue itself waits; {@link DualNodeWeave} has the later ones. */
final class LinkedTransferQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.LinkedTransferQueue";
    }

    @Override
    public List<Advised> advised() {
        // private E awaitMatch(Node s, Node pred, E e, boolean timed, long nanos), in 17
        return List.of(new Advised(named("awaitMatch").and(takesArguments(5)), AwaitMatchAdvice.class));
    }

    /** Returns the element given if it was not taken. */
    static final class AwaitMatchAdvice {
        private AwaitMatchAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.This Object queue, @Advice.Argument(2) @Nullable Object element) {
            return WaitHooks.beforeTransfer(queue, element != null);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(
                @Advice.Enter @Nullable Object token,
                @Advice.Argument(2) @Nullable Object element,
                @Advice.Return @Nullable Object match) {
            WaitHooks.afterTransfer(token, match != element);
        }
    }
}
