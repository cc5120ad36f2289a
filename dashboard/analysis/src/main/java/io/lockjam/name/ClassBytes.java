// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import org.jspecify.annotations.Nullable;

/** Where class files come from. */
public interface ClassBytes {
    /** @param className binary name with dots; returns null if there is none, and never throws */
    byte @Nullable [] of(String className);
}
