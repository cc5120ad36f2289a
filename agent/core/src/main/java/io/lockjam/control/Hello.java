// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

/**
 * How the agent introduces itself ({@link Verb#HELLO}).
 *
 * @param protocol {@link #PROTOCOL} of the agent; another number than one's own is refused with FAULT
 * @param token the secret from the agent's arguments or the rendezvous file
 * @param version of the agent
 * @param jdk value of java.vm.version
 * @param depth light or deep
 * @param reconnected whether this agent has had a connection before
 * @param kept whether it was told to stay in when the connection ends
 * @param commandLine whether it was started with -javaagent and so measures without a connection too
 * @param woven whether its hooks are in already
 * @param repository path of the JFR repository, or empty if JFR has not started
 */
public record Hello(
        int protocol,
        String token,
        String version,
        long pid,
        String jdk,
        String depth,
        boolean reconnected,
        boolean kept,
        boolean commandLine,
        boolean woven,
        String repository) {
    public static final int PROTOCOL = 2;

    public byte[] write() {
        return new PayloadWriter()
                .integer(protocol)
                .text(token)
                .text(version)
                .number(pid)
                .text(jdk)
                .text(depth)
                .flag(reconnected)
                .flag(kept)
                .flag(commandLine)
                .flag(woven)
                .text(repository)
                .done();
    }

    public static Hello read(PayloadReader in) throws ProtocolException {
        return new Hello(
                in.integer(),
                in.text(),
                in.text(),
                in.number(),
                in.text(),
                in.text(),
                in.flag(),
                in.flag(),
                in.flag(),
                in.flag(),
                in.text());
    }
}
