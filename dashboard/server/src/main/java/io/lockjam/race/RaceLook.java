// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

/** A search for races in one target, on a thread of its own. */
public interface RaceLook extends AutoCloseable {
    RaceState state();

    /** Whether the class has had probes: its bytecode indexes were others then. */
    boolean hasProbed(String className);

    /** Ends it; classes have their original bytes before this returns, if the agent answers. */
    @Override
    void close();
}
