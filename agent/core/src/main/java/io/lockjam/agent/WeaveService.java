// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import org.jspecify.annotations.Nullable;

/** Makes woven bytes from a class's bytes, outside the target or, isolated, inside it. */
interface WeaveService {
    /**
     * Returns the woven class, or null to leave it as it is.
     *
     * @param name internal name
     * @throws Exception if it cannot be woven; the message says why
     */
    byte @Nullable [] weave(String name, @Nullable ClassLoader loader, byte[] original) throws Exception;
}
