// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.List;

/** What is changed in one type of the JDK. One class each; {@link Weaves} lists them all. */
interface TypeWeave {
    /** Binary name of the type; it need not exist in every JDK. */
    String type();

    /** Methods whose begin and end call a hook. */
    default List<Advised> advised() {
        return List.of();
    }

    /** Methods in which calls that may wait are preceded by a call of a hook. */
    default List<Preceded> preceded() {
        return List.of();
    }
}
