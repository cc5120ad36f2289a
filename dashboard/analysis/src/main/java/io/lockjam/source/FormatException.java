// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.io.IOException;

/** What was read is not the binary form of facts, or breaks one of its limits. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    FormatException(String message) {
        super(message);
    }
}
