// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.util.Locale;

/** How bad a finding is; the order is from harmless to bad. */
public enum Severity {
    /** Worth knowing. */
    INFO,
    /** Time, capacity or safety is being lost now. */
    WARNING,
    /** Wrong results, or threads that will never go on. */
    ERROR;

    /** One step down. */
    Severity less() {
        return this == ERROR ? WARNING : INFO;
    }

    /** The word in reports and options. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
