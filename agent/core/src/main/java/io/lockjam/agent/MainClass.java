// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** What this JVM was started with. */
final class MainClass {
    private MainClass() {}

    /** Main class or jar, without its arguments. */
    static String name() {
        String command = System.getProperty("sun.java.command", "").trim();
        String jar = System.getProperty("java.class.path", "").split(":", 2)[0]; // with -jar; its name may have blanks
        int end = !jar.isEmpty() && command.startsWith(jar) ? jar.length() : command.indexOf(' ');
        return Redaction.of(end < 0 ? command : command.substring(0, end));
    }
}
