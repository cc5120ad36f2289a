// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot do what was asked; the message is one sentence for the person who asked. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    Failure(int exitCode, String sentence) {
        this(exitCode, sentence, null);
    }

    Failure(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
