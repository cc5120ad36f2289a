// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.util.List;
import java.util.Set;

/** Finds the main class or jar in the arguments of the {@code java} launcher. */
final class CommandLine {
    /** Launcher options whose value is the next argument. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--enable-native-access",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--limit-modules",
            "--patch-module",
            "--source",
            "--describe-module",
            "-d");

    private CommandLine() {}

    /** Empty if none is named, as with a program that embeds a JVM. */
    static String mainOf(List<String> arguments) {
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("--module=")) {
                return argument.substring(Math.max(argument.indexOf('='), argument.indexOf('/')) + 1);
            }
            boolean module = argument.equals("-m") || argument.equals("--module");
            if (argument.equals("-jar") || module) {
                String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
                return module ? next.substring(next.indexOf('/') + 1) : next;
            }
            if (WITH_VALUE.contains(argument)) {
                i++;
            } else if (!argument.startsWith("-") && !argument.startsWith("@")) {
                return argument;
            }
        }
        return "";
    }
}
