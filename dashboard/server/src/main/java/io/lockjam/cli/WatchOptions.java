// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Depth;
import io.lockjam.race.Patterns;
import io.lockjam.race.Patterns.BadPatternException;
import java.util.Optional;
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
            description =
                    "How much is looked at: light is safe to leave on, deep costs more (default: light, of audit and demo deep).")
    private @Nullable Depth depth;

    private @Nullable Patterns races;
    private boolean racesGiven;

    @Option(
            names = "--races",
            paramLabel = "auto|off|PATTERN,…",
            description = "Classes whose fields are checked for data races, such as com.acme.*; auto is the"
                    + " application's own code, and libraries where its threads meet.")
    void races(String text) {
        try {
            races = text.equals("off") ? null : Patterns.parse(text);
        } catch (BadPatternException wrong) {
            if (command == null) {
                throw new IllegalStateException(wrong);
            }
            throw new ParameterException(command.commandLine(), "--" + wrong.getMessage());
        }
        racesGiven = true;
    }

    Depth depth(Depth otherwise) {
        return depth == null ? otherwise : depth;
    }

    /** What {@code --races} says; by default the application's own code when deep, else nothing. */
    Optional<Patterns> races(Depth otherwise) {
        if (racesGiven) {
            return Optional.ofNullable(races);
        }
        return switch (depth(otherwise)) {
            case LIGHT -> Optional.empty();
            case DEEP -> Optional.of(Patterns.AUTO);
        };
    }
}
