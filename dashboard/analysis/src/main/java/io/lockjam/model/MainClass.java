// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/** What a JVM was started with: a class, a jar or a source file. */
public final class MainClass {
    /** The class that {@code java Source.java} runs. */
    private static final String SOURCE_LAUNCHER = "jdk.compiler/com.sun.tools.javac.launcher.";

    private MainClass() {}

    /** The first word of a java command; a jar's path may have blanks, so it ends where ".jar" does. Of {@code java Source.java} the file. */
    public static String of(String command) {
        int jar = command.indexOf(".jar");
        int blank = command.indexOf(' ');
        if (blank > 0 && command.startsWith(SOURCE_LAUNCHER)) {
            return of(command.substring(blank + 1));
        }
        if (jar > 0 && command.startsWith("/") && (jar + 4 == command.length() || command.charAt(jar + 4) == ' ')) {
            return command.substring(0, jar + 4);
        }
        String main = blank < 0 ? command : command.substring(0, blank);
        int slash = main.indexOf('/'); // module/main.Class
        return slash > 0 && !main.endsWith(".jar") && !main.endsWith(".java") ? main.substring(slash + 1) : main;
    }
}
