// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

/**
 * What keeps us from attaching to a JVM, as seen before anything is tried.
 *
 * @param reason a clause that can follow "cannot attach: "
 */
record Obstacle(String reason, Cure cure) {
    /** What the person who asked can do. */
    enum Cure {
        /** Start the JVM with the agent on its command line. */
        START_WITH_AGENT,
        /** Run lockjam as the JVM's user. */
        BE_ITS_USER,
        /** What the reason says; or nothing. */
        NONE
    }
}
