// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

/** Tells when a target stands still and when it goes on: meanwhile it answers nothing, and who waits should know why. */
final class Stops {
    /** Looks in a row that find it stopped: two seconds; debuggers and profilers stop a process for moments. */
    private static final int LOOKS = 4;

    private final String label;
    private int looks;

    /** @param label what the target is called */
    Stops(String label) {
        this.label = label;
    }

    /** Takes the next look; returns a sentence if there is something new to say, else an empty text. */
    String look(boolean stopped) {
        boolean told = looks >= LOOKS;
        looks = stopped ? looks + 1 : 0;
        if (stopped) {
            return looks == LOOKS
                    ? label
                            + " is stopped, by a signal or a debugger, and answers nothing until it goes on (kill -CONT)."
                    : "";
        }
        return told ? label + " goes on." : "";
    }
}
