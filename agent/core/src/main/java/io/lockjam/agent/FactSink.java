// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Sink;

/** Where facts leave the JVM: the Flight Recorder, or the control connection where no recording on disk is allowed. */
interface FactSink {
    /** Takes one event; never throws, never blocks. */
    void put(Row row);

    /** Where the hooks put their totals. */
    Sink totals();

    /** Called when a second's facts are complete. */
    void flush();

    /** Rows that could not leave since the last call. */
    long takeDropped();
}
