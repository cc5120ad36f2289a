// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import org.jspecify.annotations.Nullable;

/** Where class files of the target are found without loading anything. */
@FunctionalInterface
public interface ClassFiles {
    /** The class file, or null if it is not found: fields of that class are then not probed. */
    byte @Nullable [] of(String internalName);
}
