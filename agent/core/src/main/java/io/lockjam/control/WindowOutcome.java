// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.List;

/**
 * What a window of probes came to ({@link Verb#UNPROBE}).
 *
 * @param restored which classes have their original bytes again
 * @param running "class.method" of methods that ran from before the weaving to the end: they could not be observed
 * @param traps waits before an access
 * @param hits conflicting accesses caught, also repeated ones
 * @param waitedNanos of application threads in traps, all together
 */
public record WindowOutcome(
        WeaveOutcome restored, List<String> running, long traps, long hits, long waitedNanos, long dropped) {
    public WindowOutcome {
        running = List.copyOf(running);
    }

    public byte[] write() {
        return new PayloadWriter()
                .texts(restored.done())
                .texts(restored.failed())
                .number(restored.tookNanos())
                .texts(running)
                .number(traps)
                .number(hits)
                .number(waitedNanos)
                .number(dropped)
                .done();
    }

    public static WindowOutcome read(PayloadReader in) throws ProtocolException {
        return new WindowOutcome(WeaveOutcome.read(in), in.texts(), in.number(), in.number(), in.number(), in.number());
    }
}
