// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.io.IOException;

/** The other side answered a request with {@link Verb#FAULT}; the message is its reason. The connection goes on. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message);
    }
}
