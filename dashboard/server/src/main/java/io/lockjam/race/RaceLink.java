// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.LoadedList;
import io.lockjam.control.StandingOutcome;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The agent, as far as windows of probes need it. Never to be asked from the thread that reads its connection. */
public interface RaceLink {
    LoadedList classes(List<String> patterns, int most) throws IOException;

    /**
     * Weaves one batch.
     *
     * @param internalNames with slashes
     */
    WeaveOutcome probe(List<String> internalNames) throws IOException;

    void arm(int millis) throws IOException;

    WindowOutcome end() throws IOException;

    /** Puts predicting probes into all classes that match, until {@link #end}. */
    void predict(List<String> patterns) throws IOException;

    /** How probes that stay do, whoever asked for them. */
    StandingOutcome standingProbes() throws IOException;

    /** Who weaves what the agent sends meanwhile; called from the reading thread. */
    void prober(Function<ClassBytes, byte @Nullable []> prober);
}
