// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import java.io.IOException;
import java.time.Duration;

/** What every look has: a thread of its own, a way to end it, and what it says when the agent is gone. */
abstract sealed class LookThread implements RaceLook permits RaceWatch, StandingWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Thread thread;
    private volatile RaceState state = RaceState.NONE;
    private volatile boolean closed;

    LookThread(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Looks until it is interrupted; an exception of the agent's ends it, too. */
    abstract void look() throws IOException, InterruptedException;

    /** Has the agent take out what the look has put in; called when it was closed. */
    abstract void end() throws IOException;

    final void start() {
        thread.start();
    }

    final void show(RaceState now) {
        state = now;
    }

    @Override
    public final RaceState state() {
        return state;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            String fault = untilClosed();
            takeOut();
            if (!fault.isEmpty()) {
                show(state.says(fault));
            }
        } catch (IOException gone) {
            show(state.says("the agent does not answer any more: " + gone.getMessage()));
        }
    }

    /** An interrupt is for the look, whose wait it may have cut, and not for the wait that ends it. */
    private void takeOut() throws IOException {
        Thread.interrupted();
        try {
            end();
        } catch (IOException cut) {
            if (!Thread.interrupted()) {
                throw cut;
            }
            end();
        }
    }

    /** What broke it off; empty if it was closed. */
    private String untilClosed() throws IOException {
        try {
            while (!closed) {
                look();
            }
        } catch (InterruptedException closing) {
            // what is left is to end it
        } catch (IOException cut) {
            if (!closed) {
                throw cut;
            }
        } catch (RuntimeException ours) {
            return "stopped by a fault of Lockjam: " + ours;
        }
        return "";
    }
}
