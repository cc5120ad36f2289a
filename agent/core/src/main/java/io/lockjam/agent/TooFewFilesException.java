// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** Our recording cannot be ended now without danger for the JVM; later it can. */
final class TooFewFilesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooFewFilesException() {
        super("the program may hardly open another file, and the Flight Recorder would end it");
    }
}
