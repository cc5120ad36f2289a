// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Target;
import io.lockjam.window.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Waits for what a target has told to be read: JFR writes once a second, and on a busy machine it and who reads it come later, but they come.
 *
 * @param warn told what is missing, in a sentence
 */
record ReadingLag(Session session, Target target, Stop stop, Consumer<String> warn) {
    private static final Duration FIRST_FACT = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** For the first of what is on its way. */
    private static final Duration DRAIN = Duration.ofMillis(2_500);
    /** For each that comes after another. */
    private static final Duration DRAIN_ON = Duration.ofSeconds(5);

    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(1);
    private static final Duration LATE = Duration.ofSeconds(3);

    /**
     * Waits until something has come from the target: time that is to be looked at begins then, and on a busy machine that is seconds
     * after the agent is in. Says so and returns false if nothing comes.
     */
    boolean awaitFirst() throws InterruptedException {
        long deadline = System.nanoTime() + FIRST_FACT.toNanos();
        while (session.latest().isEmpty() && !stop.requested()) {
            if (System.nanoTime() - deadline > 0) {
                warn.accept("Nothing has come from " + target.label() + " in " + FIRST_FACT.toSeconds()
                        + " s: it is stopped, has no memory left, or the machine is too busy.");
                return false;
            }
            stop.pause(LOOK_AGAIN);
        }
        return true;
    }

    /** Waits for facts that are still on their way, for as long as they come; says how much is missing in the end. */
    void settle() throws InterruptedException {
        Instant asked = Instant.now();
        long begun = System.nanoTime();
        long patience = DRAIN.toNanos();
        Instant read = newest();
        while (target.alive() && read.isBefore(asked) && System.nanoTime() - begun < patience) {
            Thread.sleep(LOOK_AGAIN.toMillis());
            if (newest().isAfter(read) && !stop.requested()) {
                read = newest();
                patience = Math.min(LONGEST_DRAIN.toNanos(), System.nanoTime() - begun + DRAIN_ON.toNanos());
            }
        }
        Duration missing = Duration.between(read, asked);
        if (target.alive() && session.latest().isPresent() && missing.compareTo(LATE) > 0) {
            warn.accept("The last " + missing.toSeconds() + " s of " + target.label()
                    + " could not be read: it is stopped, has no memory left, or the machine is too busy.");
        }
    }

    private Instant newest() {
        return session.latest().orElse(Instant.EPOCH);
    }
}
