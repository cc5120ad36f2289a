// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where class files come from. */
public interface ClassBytes {
    /** The class file of a binary name with dots; null if there is none. Never throws. */
    byte @Nullable [] of(String className);

    /**
     * All classes that lie in the same folder or jar as a class and begin with the same text, this one included; none if that is not known, or they
     * are too many. Never throws.
     *
     * @param prefix of binary names with dots
     */
    default List<String> beside(String className, String prefix) {
        return List.of();
    }
}
