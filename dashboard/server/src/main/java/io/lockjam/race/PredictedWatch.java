// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.PredictedOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Has the agent follow the order of threads in all classes that match, from the first to the last moment of a look. */
public final class PredictedWatch implements RaceLook {
    private static final long POLL_MILLIS = 500;
    private static final long JOIN_MILLIS = 10_000;
    private static final int MOST_LINES = 200;

    private final RaceLink agent;
    private final Patterns patterns;
    private final Thread thread = new Thread(this::run, "lockjam-predictions");
    private volatile RaceState state = RaceState.NONE;
    private volatile Set<String> probed = Set.of();
    private volatile boolean closed;

    private PredictedWatch(RaceLink agent, Patterns patterns) {
        this.agent = agent;
        this.patterns = patterns;
        thread.setDaemon(true);
    }

    /**
     * Starts on a thread of its own.
     *
     * @param patterns that name classes
     */
    public static PredictedWatch start(RaceLink agent, Patterns patterns) {
        PredictedWatch watch = new PredictedWatch(agent, patterns);
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
            agent.predict(patterns.texts());
            while (!closed) {
                take(agent.predicted());
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException over) {
            state = state.says("the agent does not answer any more: " + over.getMessage());
        } catch (InterruptedException closing) {
            // below
        }
        try {
            if (closed) {
                take(agent.predicted());
                agent.end();
            }
        } catch (IOException gone) {
            state = state.says("the agent does not answer any more: " + gone.getMessage());
        }
    }

    private void take(PredictedOutcome outcome) {
        probed = Set.copyOf(outcome.woven());
        int woven = outcome.woven().size();
        List<String> failed = outcome.failed();
        state = new RaceState(
                woven == 0
                        ? "no loaded class matches " + String.join(", ", patterns.texts())
                        : woven + " classes (all that match), all the time, races predicted too",
                outcome.stopped().isEmpty() && outcome.running().isEmpty(),
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

    private static String withheld(PredictedOutcome outcome) {
        if (!outcome.stopped().isEmpty()) {
            return "no race is predicted any more: " + outcome.stopped();
        }
        return outcome.running().isEmpty()
                ? ""
                : "no race is predicted before the methods that run their old code have returned, since they could"
                        + " synchronize unseen";
    }
}
