// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import java.util.Optional;

/** A search for races in one target, on a thread of its own. */
public interface RaceLook extends AutoCloseable {
    /**
     * Catches races: by the probes the agent was started with, where they are those of the patterns, else in windows.
     *
     * @param pid of the target, whose CPU the windows have a share of
     */
    static RaceLook start(RaceLink agent, Patterns patterns, Nominator nominator, long pid) {
        Optional<StandingWatch> standing = StandingWatch.follow(agent, patterns);
        return standing.isPresent() ? standing.get() : RaceWatch.start(agent, patterns, nominator, pid);
    }

    RaceState state();

    /** Whether the class has had probes: its bytecode indexes were others then. */
    boolean hasProbed(String className);

    /** Ends it; classes have their original bytes before this returns, if the agent answers. */
    @Override
    void close();
}
