// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.control.Connection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way facts leave now, and the other one. */
final class Sinks {
    private final @Nullable FactSink jfr; // null where there is no Flight Recorder
    private final FactSink socket;
    private volatile FactSink current;

    Sinks(boolean events, boolean memoryOnly, Supplier<@Nullable Connection> to, ThreadAccess access, Faults faults) {
        jfr = events ? new JfrFacts(faults) : null;
        socket = new SocketFacts(to, access);
        current = jfr == null || memoryOnly ? socket : jfr;
    }

    FactSink current() {
        return current;
    }

    void memoryOnly(boolean wanted) {
        current = jfr == null || wanted ? socket : jfr;
    }
}
