// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.WaitKind;

/** Which part of the account a wait belongs to, and which letter it has in a lane: the one place that says what is idle. */
final class Parts {
    private Parts() {}

    /**
     * Waiting for a signal that means work (a notify, a condition, an unpark) or for a thread to end holds nobody up;
     * waiting for a result that other threads owe does.
     */
    static Account.Part of(WaitKind kind, boolean idle) {
        if (idle) {
            return Account.Part.IDLE;
        }
        return switch (kind) {
            case MONITOR,
                    LOCK,
                    READ,
                    WRITE,
                    STAMPED,
                    SEMAPHORE,
                    CLASS_INIT,
                    LATCH,
                    BARRIER,
                    PHASER,
                    EXCHANGER,
                    FUTURE -> Account.Part.LOCK;
            case QUEUE_PUT, QUEUE_TAKE -> Account.Part.QUEUE;
            case OBJECT_WAIT, CONDITION, JOIN, PARK -> Account.Part.IDLE;
        };
    }

    /** Letter of {@link Lanes} for a wait. */
    static char letter(WaitKind kind, boolean idle) {
        if (kind == WaitKind.MONITOR || kind == WaitKind.CLASS_INIT) {
            return 'B';
        }
        return of(kind, idle) == Account.Part.LOCK || (kind == WaitKind.QUEUE_PUT && !idle) ? 'L' : 'W';
    }

    /** From the letters of a {@code ThreadStates} fact to those of {@link Lanes}. */
    static char lane(char state) {
        return switch (state) {
            case 'R', 'B', 'L', 'W', 'S', 'I' -> state;
            case 'C' -> 'W';
            default -> '?';
        };
    }

    /** The account's part for time off the core in a state of {@link Lanes}. */
    static Account.Part ofLetter(char letter) {
        return switch (letter) {
            case 'B', 'L', 'D' -> Account.Part.LOCK;
            case 'I' -> Account.Part.IO;
            case 'S' -> Account.Part.ASLEEP;
            case 'W' -> Account.Part.IDLE;
            default -> Account.Part.UNKNOWN;
        };
    }

    /** 0 for harmless; higher is worse and wins within a second. */
    static int badness(char letter) {
        return " ?WSRINLBD".indexOf(Character.toUpperCase(letter));
    }
}
