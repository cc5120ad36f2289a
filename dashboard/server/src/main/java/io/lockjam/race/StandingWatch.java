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
public final class StandingWatch implements RaceLook {
    private static final long POLL_MILLIS = 500;
    private static final long JOIN_MILLIS = 10_000;
    private static final int MOST_LINES = 200;

    private final RaceLink agent;
    private final Patterns patterns;
    private final boolean asks;
    private final Thread thread = new Thread(this::run, "lockjam-standing");
    private volatile RaceState state = RaceState.NONE;
    private volatile Set<String> probed = Set.of();
    private volatile boolean closed;

    private StandingWatch(RaceLink agent, Patterns patterns, boolean asks) {
        this.agent = agent;
        this.patterns = patterns;
        this.asks = asks;
        thread.setDaemon(true);
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
        watch.thread.start();
        return watch;
    }

    @Override
    public RaceState state() {
        return state;
    }

    @Override
    public boolean hasProbed(String className) {
        return probed.contains(className);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            if (asks) {
                agent.predict(patterns.texts());
            }
            while (!closed) {
                take(agent.standingProbes());
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException over) {
            state = state.says("the agent does not answer any more: " + over.getMessage());
        } catch (InterruptedException closing) {
            // below
        }
        try {
            if (closed) {
                take(agent.standingProbes());
                if (asks) {
                    agent.end();
                }
            }
        } catch (IOException gone) {
            state = state.says("the agent does not answer any more: " + gone.getMessage());
        }
    }

    private void take(StandingOutcome outcome) {
        probed = Set.copyOf(outcome.woven());
        int woven = outcome.woven().size();
        List<String> failed = outcome.failed();
        state = new RaceState(
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
                outcome.waitedNanos());
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
