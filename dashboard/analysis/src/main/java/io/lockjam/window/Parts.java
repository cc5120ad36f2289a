// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which part of the account a wait belongs to, and which letter it has in a lane: the one place that says what is idle. */
final class Parts {
    /** Letters of threads that neither run nor are held up. */
    private static final String AT_REST = "WSI";

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

    /** The same where the stack is known: what comes from outside the JVM is waited for as in a read. */
    static Account.Part of(WaitKind kind, boolean idle, Stack stack) {
        return !idle && comesFromOutside(kind, stack) ? Account.Part.IO : of(kind, idle);
    }

    /** Whether what a thread waits for comes from outside the JVM. */
    static boolean comesFromOutside(WaitKind kind, Stack stack) {
        return !kind.isLock()
                && !kind.isQueue()
                && StackReading.elsewhere(stack).isPresent();
    }

    /** The part of a sleep, a read, a write or a sample, and of what keeps a carrier, be it a class that another thread initialises. */
    static Account.Part of(Fact.ActivityKind kind, Stack stack) {
        return switch (kind) {
            case SLEEP -> Account.Part.ASLEEP;
            case SOCKET_READ, SOCKET_WRITE, FILE_READ, FILE_WRITE -> Account.Part.IO;
            case RUNNING -> Account.Part.ON_CORE;
            case NATIVE -> Account.Part.UNKNOWN;
            case PINNED -> Objects.requireNonNullElse(of(StackReading.doing(stack, "")), Account.Part.LOCK);
        };
    }

    /** The part of what a stack shows; null if it may as well be computing. */
    static Account.@Nullable Part of(Doing doing) {
        return switch (doing) {
            case SLEEPS -> Account.Part.ASLEEP;
            case READS_SOCKET,
                    WRITES_SOCKET,
                    OPENS_FILE,
                    READS_FILE,
                    WRITES_FILE,
                    LOCKS_FILE,
                    LOOKS_UP_HOST,
                    WAITS_FOR_PROCESS,
                    WAITS_FOR_ANSWER -> Account.Part.IO;
            case WAITS_FOR_LOCK -> Account.Part.LOCK;
            case WAITS_FOR_QUEUE -> Account.Part.QUEUE;
            case WAITS_FOR_SIGNAL, WAITS_FOR_WORK -> Account.Part.IDLE;
            case RUNS, WAITS_FOR_CORE, PAUSED, IN_NATIVE, UNKNOWN -> null;
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

    /** The account's part for time off the core in a state of a {@code ThreadStates} fact; null where it does not say. */
    static Account.@Nullable Part ofState(char state) {
        return switch (state) {
            case 'B', 'L' -> Account.Part.LOCK;
            case 'I' -> Account.Part.IO;
            case 'S' -> Account.Part.ASLEEP;
            case 'W' -> Account.Part.IDLE;
            default -> null;
        };
    }

    /** Whether a stack, of which this is the part, may be of a thread in the state of a letter; null for one that may be computing. */
    static boolean agrees(char letter, Account.@Nullable Part stack) {
        return switch (letter) {
            case 'R', 'N' -> stack == null;
            case 'I' -> stack == null || stack == Account.Part.IO;
            case 'S' -> stack == Account.Part.ASLEEP;
            case 'W' -> stack == Account.Part.IDLE || stack == Account.Part.QUEUE || stack == Account.Part.LOCK;
            case 'L', 'B', 'D' -> stack != Account.Part.ASLEEP && stack != Account.Part.IO;
            default -> true;
        };
    }

    /** The letter of {@link Lanes} for a thread that was held up for a part of the second and did something else for the rest. */
    static char inPart(char heldUp, char rest) {
        boolean monitor = heldUp == 'B';
        return AT_REST.indexOf(rest) >= 0 ? monitor ? 'm' : 'k' : monitor ? 'b' : 'l';
    }

    /** What a thread did for most of the second, by its letter of {@link Lanes}. */
    static char mostly(char letter) {
        return switch (letter) {
            case 'b', 'l' -> 'R';
            case 'm', 'k' -> 'W';
            default -> letter;
        };
    }

    /** 0 for harmless; higher is worse and wins within a second. */
    static int badness(char letter) {
        return " ?WSRINkmlbLBD".indexOf(letter);
    }
}
