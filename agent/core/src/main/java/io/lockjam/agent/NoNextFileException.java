// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** Our recording cannot be ended now without danger for the JVM; later it can. */
final class NoNextFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoNextFileException() {
        super("the Flight Recorder may be unable to begin its next file, and would end the program");
    }
}
