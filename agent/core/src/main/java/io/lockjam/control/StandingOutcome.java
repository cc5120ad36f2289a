// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.List;

/**
 * How a run that predicts races stands ({@link Verb#STANDING}).
 *
 * @param woven names with dots of the classes that have probes
 * @param failed "name: why" of those that could not get them
 * @param running "class.method" of methods that still run code of before: while there are some, nothing is predicted
 * @param stopped why nothing is predicted any more; empty if something is
 * @param told races predicted, also repeated ones
 * @param traps waits before an access
 * @param hits conflicting accesses caught
 * @param waitedNanos of application threads in traps, all together
 */
public record StandingOutcome(
        List<String> patterns,
        boolean predicts,
        List<String> woven,
        List<String> failed,
        List<String> running,
        String stopped,
        long told,
        long traps,
        long hits,
        long waitedNanos) {
    public static final StandingOutcome NONE =
            new StandingOutcome(List.of(), false, List.of(), List.of(), List.of(), "", 0, 0, 0, 0);

    public StandingOutcome {
        patterns = List.copyOf(patterns);
        woven = List.copyOf(woven);
        failed = List.copyOf(failed);
        running = List.copyOf(running);
    }

    public byte[] write() {
        return new PayloadWriter()
                .texts(patterns)
                .flag(predicts)
                .texts(woven)
                .texts(failed)
                .texts(running)
                .text(stopped)
                .number(told)
                .number(traps)
                .number(hits)
                .number(waitedNanos)
                .done();
    }

    public static StandingOutcome read(PayloadReader in) throws ProtocolException {
        return new StandingOutcome(
                in.texts(),
                in.flag(),
                in.texts(),
                in.texts(),
                in.texts(),
                in.text(),
                in.number(),
                in.number(),
                in.number(),
                in.number());
    }
}
