// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.io.IOException;

/** The other side said something that the protocol does not have; the connection is of no use any more. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
