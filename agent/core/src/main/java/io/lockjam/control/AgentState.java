// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.List;

/**
 * What the agent answers to {@link Verb#STATUS}.
 *
 * @param enabled whether the hooks measure
 * @param depth light or deep
 * @param woven internal names of the classes that have hooks now
 * @param faults Throwables caught at our boundaries since the attach
 * @param lastFault the last of them, or empty
 * @param cpuNanos CPU of the agent's own threads since the attach; -1 if not known
 * @param repository path of the JFR repository, or empty if JFR has not started
 * @param recording whether our recording (named lockjam) runs
 * @param stopped why the agent closed the recording itself, or empty
 */
public record AgentState(
        boolean enabled,
        String depth,
        List<String> woven,
        long faults,
        String lastFault,
        long cpuNanos,
        String repository,
        boolean recording,
        String stopped) {
    public AgentState {
        woven = List.copyOf(woven);
    }

    public byte[] write() {
        return new PayloadWriter()
                .flag(enabled)
                .text(depth)
                .texts(woven)
                .number(faults)
                .text(lastFault)
                .number(cpuNanos)
                .text(repository)
                .flag(recording)
                .text(stopped)
                .done();
    }

    public static AgentState read(PayloadReader in) throws ProtocolException {
        return new AgentState(
                in.flag(), in.text(), in.texts(), in.number(), in.text(), in.number(), in.text(), in.flag(), in.text());
    }
}
