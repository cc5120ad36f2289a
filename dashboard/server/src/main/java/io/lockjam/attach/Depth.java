// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.util.Locale;

/** How much is looked at, and so how much it costs. */
public enum Depth {
    /** Safe to leave on. */
    LIGHT,
    /** For a bounded look. */
    DEEP;

    /** As options, events and the control connection spell it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
