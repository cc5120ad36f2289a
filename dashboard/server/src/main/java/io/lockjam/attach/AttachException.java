// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import org.jspecify.annotations.Nullable;

/** A target was not found or cannot be attached to; the message is one sentence for the person who asked. */
public final class AttachException extends Exception {
    private static final long serialVersionUID = 1;

    /** Exit code of every command that ends this way. */
    public static final int EXIT_CODE = 3;

    private final @Nullable String advice;

    AttachException(String sentence, @Nullable String advice) {
        super(sentence);
        this.advice = advice;
    }

    AttachException(String sentence, @Nullable String advice, @Nullable Throwable cause) {
        super(sentence, cause);
        this.advice = advice;
    }

    /** What to do instead, with the command line that would work; null if there is nothing to do. */
    public @Nullable String advice() {
        return advice;
    }
}
