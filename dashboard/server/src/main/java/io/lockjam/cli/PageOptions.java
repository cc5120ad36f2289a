// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the dashboard answers. */
final class PageOptions {
    private static final int HIGHEST_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private int port;

    private String bind = "127.0.0.1";

    @Option(names = "--no-open", description = "Do not start a browser.")
    private boolean closed;

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on; 0 (the default) is any free one.")
    void port(String text) {
        boolean number = text.matches("\\d{1,5}");
        if ((!number || Integer.parseInt(text) > HIGHEST_PORT) && command != null) {
            throw new ParameterException(
                    command.commandLine(), "--port: expected 0 to " + HIGHEST_PORT + ", got '" + text + "'");
        }
        port = Integer.parseInt(text);
    }

    @Option(names = "--bind", paramLabel = "ADDR", description = "Address to listen on (default: 127.0.0.1).")
    void bind(String text) {
        if (text.isBlank() && command != null) { // to the system it would mean every address
            throw new ParameterException(command.commandLine(), "--bind: expected an address, got '" + text + "'");
        }
        bind = text;
    }

    int port() {
        return port;
    }

    String bind() {
        return bind;
    }

    boolean opens() {
        return !closed;
    }
}
