// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.StandingOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at probes that stay in all classes that match: those that follow the order of threads for as long as the look lasts,
 * or those the agent was started with, which are left alone.
 */
public final class StandingWatch extends LookThread {
    private static final long POLL_MILLIS = 500;
    private static final int MOST_LINES = 200;

    private final RaceLink agent;
    private final Patterns patterns;
    private final boolean asks;
    private volatile Set<String> probed = Set.of();
    private boolean asked;

    private StandingWatch(RaceLink agent, Patterns patterns, boolean asks) {
        super("lockjam-standing");
        this.agent = agent;
        this.patterns = patterns;
        this.asks = asks;
    }

    /**
     * Has races predicted; on a thread of its own.
     *
     * @param patterns that name classes
     */
    public static StandingWatch predict(RaceLink agent, Patterns patterns) {
        return started(new StandingWatch(agent, patterns, true));
    }

    /** Follows the probes that are there, if they are those of the patterns; on a thread of its own. */
    static Optional<StandingWatch> follow(RaceLink agent, Patterns patterns) {
        try {
            boolean there = !patterns.auto()
                    && Set.copyOf(patterns.texts())
                            .equals(Set.copyOf(agent.standingProbes().patterns()));
            return there ? Optional.of(started(new StandingWatch(agent, patterns, false))) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static StandingWatch started(StandingWatch watch) {
        watch.start();
        return watch;
    }

    @Override
    public boolean hasProbed(String className) {
        return probed.contains(className);
    }

    @Override
    void look() throws IOException, InterruptedException {
        if (asks && !asked) {
            asked = true;
            agent.predict(patterns.texts());
        }
        take(agent.standingProbes());
        Thread.sleep(POLL_MILLIS);
    }

    @Override
    void end() throws IOException {
        take(agent.standingProbes());
        if (asks) {
            agent.end();
        }
    }

    private void take(StandingOutcome outcome) {
        probed = Set.copyOf(outcome.woven());
        int woven = outcome.woven().size();
        List<String> failed = outcome.failed();
        show(new RaceState(
                woven == 0
                        ? "no loaded class matches " + String.join(", ", patterns.texts())
                        : woven + " classes (all that match), all the time"
                                + (outcome.predicts() ? ", races predicted too" : ""),
                !outcome.predicts()
                        || (outcome.stopped().isEmpty() && outcome.running().isEmpty()),
                woven,
                woven,
                1,
                failed.stream().limit(MOST_LINES).toList(),
                failed.size(),
                outcome.running(),
                withheld(outcome),
                0,
                0,
                outcome.traps(),
                outcome.hits(),
                outcome.waitedNanos()));
    }

    private static String withheld(StandingOutcome outcome) {
        if (!outcome.stopped().isEmpty()) {
            return "no race is predicted any more: " + outcome.stopped();
        }
        return outcome.running().isEmpty() || !outcome.predicts()
                ? ""
                : "no race is predicted before the methods that run their old code have returned, since they could"
                        + " synchronize unseen";
    }
}
