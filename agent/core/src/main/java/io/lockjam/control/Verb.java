// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

/**
 * Everything that can be said on the control connection. A request is answered by one {@link #REPLY} or {@link #FAULT}
 * with its id; what needs no answer has id 0.
 *
 * <p>"text", "texts", "bytes" and the like are as {@link PayloadWriter} writes them.
 */
public enum Verb {
    /** Agent, first frame: a {@link Hello}. Reply: empty. Whoever does not like the token closes the connection. */
    HELLO(1),
    /** Agent: a {@link ClassBytes} to be woven. Reply: bytes (woven), or null to leave the class as it is. */
    BYTES(2),
    /** Agent, no reply: an int, then that many {@link FactRow}s. Sent where no recording on disk is allowed. */
    FACTS(3),
    /** Either side: the answer to a request; its payload is described at the request. */
    REPLY(4),
    /** Either side: text. With the id of a request: why it was refused. With id 0: something to show to a person. */
    FAULT(5),

    /** Dashboard: texts, internal class names, to be woven in one batch. Reply: a {@link WeaveOutcome}. */
    WEAVE(16),
    /** Dashboard: texts, internal class names, back to their original bytes in one batch. Reply: a {@link WeaveOutcome}. */
    UNWEAVE(17),
    /** Dashboard: text name, text value. Names are in {@link Switch}. Reply: empty. */
    SWITCH(18),
    /** Dashboard: texts, class names with dots. Reply: texts, where each was loaded from; an empty text if not known. */
    ORIGIN(19),
    /** Dashboard: text, internal name of a class. Reply: bytes of its class file, or null. Nothing is defined or run. */
    CLASS(20),
    /** Dashboard, no reply: a {@link FactRow} of type lockjam.Name, lockjam.OsUsage or lockjam.Stopped for the target's recording. */
    NOTE(21),
    /** Dashboard: empty. Reply: an {@link AgentState}. */
    STATUS(22),
    /** Dashboard: empty. The agent undoes everything. Reply: a {@link WeaveOutcome} of the undoing, then the end of the connection. */
    LEAVE(23),
    /** Dashboard: empty. One snapshot is taken at once, outside the usual rhythm. Reply: its number (long). */
    SNAPSHOT(24),

    /** Dashboard: texts (patterns), int (most). Reply: a {@link LoadedList}. */
    CLASSES(25),
    /** Dashboard: texts, internal class names, to get probes in one batch. Reply: a {@link WeaveOutcome}. */
    PROBE(26),
    /** Agent: a {@link ClassBytes} to get probes. Reply: bytes (woven), or null to leave the class as it is. */
    PROBE_BYTES(27),
    /** Dashboard: int, milliseconds after which the probes fall silent by themselves. Reply: empty. */
    ARM(28),
    /** Dashboard: empty. All probes come out. Reply: a {@link WindowOutcome}. */
    UNPROBE(29),
    /** Dashboard: texts (patterns). All classes that match get predicting probes, and keep them until {@link #UNPROBE}. Reply: empty. */
    PREDICT(30),
    /** Dashboard: empty. Reply: a {@link StandingOutcome}. */
    STANDING(31),

    /** Dashboard: text, true or false. Queues of the JDK tell of each use, until the end is asked for. Reply: a {@link WeaveOutcome}. */
    SEARCH(32);

    private final int code;

    Verb(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** @throws ProtocolException if no verb has this code */
    static Verb of(int code) throws ProtocolException {
        for (Verb verb : values()) {
            if (verb.code == code) {
                return verb;
            }
        }
        throw new ProtocolException("no verb has the code " + code);
    }
}
