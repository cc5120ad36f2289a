// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.WaitKind;

/** The words for a wait that somebody has to end by a signal, a result or by coming along. */
record SignalWords(WaitKind kind) {
    /**
     * What is waited for, as the object of "waits".
     *
     * @param signal what became of it: "that does not come"
     */
    String object(String name, String signal) {
        return switch (kind) {
            case BARRIER, PHASER, EXCHANGER -> "at " + name + " for a thread that does not come";
            case FUTURE, PARK -> "for a result " + signal;
            case LATCH -> "for a count of " + name + " " + signal;
            case QUEUE_PUT -> "for room in " + name + " " + signal;
            case CONDITION, OBJECT_WAIT, MONITOR, LOCK, READ, WRITE, STAMPED, SEMAPHORE, JOIN, CLASS_INIT, QUEUE_TAKE ->
                "for a signal on " + name + " " + signal;
        };
    }

    /**
     * What to change.
     *
     * @param at the place, with " at " before it; may be empty
     */
    String change(String name, String at) {
        return switch (kind) {
            case EXCHANGER ->
                "Let an even number of threads come to " + name + at
                        + ", as often as each other, or wait there with a time limit.";
            case BARRIER, PHASER ->
                "Make the number of parties of " + name + " that of the threads that come to it" + at
                        + ", and let one that fails or ends tell the others ("
                        + (kind == WaitKind.BARRIER ? "reset" : "arriveAndDeregister") + ").";
            case FUTURE, PARK ->
                "Complete the result waited for" + at
                        + " on every way out of the work, with completeExceptionally when it fails.";
            case LATCH ->
                "Count " + name + " down in a finally block, so that work that fails counts as well" + at + ".";
            case QUEUE_PUT -> "Let a thread take from " + name + " until nobody puts any more" + at + ".";
            case CONDITION, OBJECT_WAIT, MONITOR, LOCK, READ, WRITE, STAMPED, SEMAPHORE, JOIN, CLASS_INIT, QUEUE_TAKE ->
                "Look at the condition and wait under the same lock, in a loop, and wake all who may be meant (notifyAll,"
                        + " signalAll, or a condition for each purpose)" + at + ".";
        };
    }

    String expect() {
        return kind == WaitKind.CONDITION || kind == WaitKind.OBJECT_WAIT
                ? "A waiter that looks before it waits cannot miss the signal."
                : "Then the wait ends with the work it depends on.";
    }
}
