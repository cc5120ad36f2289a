// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

/** A recording that nothing can be read from; the message is one sentence for the user. */
public final class UnreadableRecordingException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableRecordingException(String message) {
        super(message);
    }
}
