// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * The agent's side of a test run that predicts races: begin before the first class is woven, let judge once no method runs
 * that was not woven when it began, end.
 */
public final class Predictions {
    private Predictions() {}

    /** Runs every path once on objects of our own, so that no class is loaded in a probe. */
    public static void preload() {
        OrderRehearsal.run();
    }

    /**
     * Follows the order of threads from now on.
     *
     * @param patterns of the classes that are woven, {@code com.acme.*}
     * @param late whether the application has run before
     */
    public static void begin(String[] patterns, boolean late) {
        Predict.reset();
        HappensBefore.start(patterns, late);
    }

    /** Compares accesses made from now on. */
    public static void judge() {
        HappensBefore.judge();
    }

    public static boolean judges() {
        return HappensBefore.judges();
    }

    /** Something cannot be followed: nothing is predicted from now on. */
    public static void stop(String why) {
        HappensBefore.stop(why);
    }

    /** Why nothing is predicted any more; null if something is. */
    public static @Nullable String stopped() {
        return HappensBefore.stopped();
    }

    /** Races told since the begin. */
    public static long told() {
        return Predict.RACES.get();
    }

    /** Forgets everything. */
    public static void end() {
        HappensBefore.end();
    }
}
