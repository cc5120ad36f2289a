// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Adds up what windows bring, for {@link RaceState}. Of one thread. */
final class RaceTally {
    private static final int MOST_LINES = 200;

    private final Set<String> woven = new LinkedHashSet<>();
    private final Set<String> running = new LinkedHashSet<>();
    private final List<String> failed = new ArrayList<>();
    private boolean armed;
    private int planned;
    private int windows;
    private int failures;
    private long weaveNanos;
    private long longestBatchNanos;
    private long traps;
    private long hits;
    private long waitedNanos;

    void planned(int classes) {
        planned = classes;
    }

    void woven(WeaveOutcome outcome) {
        woven.addAll(outcome.done());
        batch(outcome);
    }

    void armed() {
        armed = true;
        windows++;
    }

    /** @param looked whether there are probes in "class.method" */
    void ended(WindowOutcome outcome, Predicate<String> looked) {
        armed = false;
        outcome.running().stream().filter(looked).forEach(running::add);
        traps += outcome.traps();
        hits += outcome.hits();
        waitedNanos += outcome.waitedNanos();
        batch(outcome.restored());
    }

    private void batch(WeaveOutcome outcome) {
        weaveNanos += outcome.tookNanos();
        longestBatchNanos = Math.max(longestBatchNanos, outcome.tookNanos());
        failures += outcome.failed().size();
        outcome.failed().stream().limit(Math.max(0, MOST_LINES - failed.size())).forEach(failed::add);
    }

    RaceState state(String says) {
        return new RaceState(
                says,
                armed,
                planned,
                woven.size(),
                windows,
                List.copyOf(failed),
                failures,
                List.copyOf(running),
                "",
                weaveNanos,
                longestBatchNanos,
                traps,
                hits,
                waitedNanos);
    }
}
