// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

import io.lockjam.boot.QueueHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Every use of a queue, for the moments of a search; over the hooks that the class has already. */
record QueueSearchWeave(String type) implements TypeWeave {
    @Override
    public List<Advised> advised() {
        return List.of(
                new Advised(
                        isPublic().and(namedOneOf("put", "offer", "putFirst", "putLast", "offerFirst", "offerLast")),
                        PutAdvice.class),
                new Advised(
                        isPublic()
                                .and(namedOneOf(
                                        "take", "poll", "takeFirst", "takeLast", "pollFirst", "pollLast", "drainTo")),
                        TakeAdvice.class));
    }

    /** Brings an element. */
    static final class PutAdvice {
        private PutAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object queue) {
            QueueHooks.seen(queue, QueueHooks.PUT);
        }
    }

    /** Wants an element. */
    static final class TakeAdvice {
        private TakeAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object queue) {
            QueueHooks.seen(queue, QueueHooks.TAKE);
        }
    }
}
