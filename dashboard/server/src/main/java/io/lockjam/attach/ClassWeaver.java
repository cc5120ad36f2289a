// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weaver as the control connection needs it. */
interface ClassWeaver {
    /** Internal names of the classes that hooks go into. */
    List<String> types();

    /** Null to leave the class as it is. */
    byte @Nullable [] weave(String internalName, byte[] original);

    /** Changes whenever the same bytes would be woven differently. */
    String version();
}
