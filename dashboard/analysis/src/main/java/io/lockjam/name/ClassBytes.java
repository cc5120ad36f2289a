// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import org.jspecify.annotations.Nullable;

/** Where class files come from. */
public interface ClassBytes {
    /** The class file of a binary name with dots; null if there is none. Never throws. */
    byte @Nullable [] of(String className);
}
