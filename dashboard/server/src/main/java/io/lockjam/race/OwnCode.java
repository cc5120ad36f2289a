// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.LoadedList.Loaded;
import io.lockjam.model.Libraries;

/** Tells the application's own classes from those of libraries, by package and by the kind of class. */
final class OwnCode {
    private OwnCode() {}

    static boolean is(Loaded type) {
        return isFile(type) && !Libraries.has(type.name());
    }

    /** A class without a place it came from was made at run time. */
    static boolean isFile(Loaded type) {
        return !type.origin().isEmpty() && !type.name().contains("$$");
    }
}
