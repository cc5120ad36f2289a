// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** The one way the agent speaks to a person: single lines on standard error. */
final class Console {
    static final String NAME = "lockjam: ";

    private Console() {}

    static void say(String line) {
        try {
            System.err.println(NAME + line.replaceAll("\\p{Cntrl}+", " "));
        } catch (RuntimeException noStream) {
            return; // the application has put one of its own there, or none
        }
    }
}
