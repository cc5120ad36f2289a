// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Depth;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is looked at in a live target. */
final class WatchOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--depth",
            paramLabel = "light|deep",
            description = "How much is looked at: light is safe to leave on, deep costs more.")
    private @Nullable Depth depth;

    private @Nullable String races;

    @Option(
            names = "--races",
            paramLabel = "auto|off|PATTERN,…",
            description = "Classes whose fields are checked for data races, such as com.acme.*; auto is the"
                    + " application's own code.")
    void races(String text) {
        for (String pattern : text.split(",", -1)) {
            if (!pattern.matches("[\\p{javaJavaIdentifierPart}.*$]+") && command != null) {
                throw new ParameterException(
                        command.commandLine(),
                        "--races: expected auto, off or patterns such as com.acme.*, got '" + text + "'");
            }
        }
        races = text;
    }

    Depth depth(Depth otherwise) {
        return depth == null ? otherwise : depth;
    }

    /** What {@code --races} says; by default the application's own code when deep, else nothing. */
    String races(Depth chosen) {
        if (races != null) {
            return races;
        }
        return switch (chosen) {
            case LIGHT -> "off";
            case DEEP -> "auto";
        };
    }
}
