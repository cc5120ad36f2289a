// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

/** There can be no recording in this target; the message is the reason, as the end of a sentence. */
final class NoRecording extends Exception {
    private static final long serialVersionUID = 1;

    NoRecording(String reason) {
        super(reason);
    }
}
