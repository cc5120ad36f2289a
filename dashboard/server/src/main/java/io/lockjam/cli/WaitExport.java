// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import java.io.IOException;
import java.util.function.Consumer;

/** Takes the facts of a recording and writes its waits. */
interface WaitExport extends Consumer<Fact> {
    /** Writes what is left to write; the writer stays open. */
    void finish() throws IOException;

    /** A frame as flame graphs show it, without what their formats use as separators. */
    static String frame(Frame frame) {
        String line = frame.line() > 0 ? ":" + frame.line() : "";
        return (frame.className() + "." + frame.method() + line)
                .replace(';', ',')
                .replaceAll("\\s", "_");
    }

    /** What was waited for, as the innermost frame. */
    static String leaf(Fact.WaitEnded wait) {
        return ("[" + wait.kind().id() + " " + wait.lock().className() + "]").replace(' ', '_');
    }
}
