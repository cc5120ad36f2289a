// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Opens an address in the user's browser, where there is a screen to show it on. */
final class Browser {
    private Browser() {}

    static void open(URI address) {
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
        boolean screen = mac || System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        if (!screen) {
            return;
        }
        try {
            new ProcessBuilder(List.of(mac ? "open" : "xdg-open", address.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noBrowser) {
            return; // the address is on the terminal
        }
    }
}
