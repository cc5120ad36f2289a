// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.List;

/**
 * What became of a batch of classes ({@link Verb#WEAVE}, {@link Verb#UNWEAVE}, {@link Verb#LEAVE}).
 *
 * @param done internal names of the classes that were changed, or for an undoing: that have their original bytes again
 * @param failed one line for each class that was not, "name: why"
 * @param tookNanos of the agent's thread, from the request to the end of the batch
 */
public record WeaveOutcome(List<String> done, List<String> failed, long tookNanos) {
    public WeaveOutcome {
        done = List.copyOf(done);
        failed = List.copyOf(failed);
    }

    public byte[] write() {
        return new PayloadWriter().texts(done).texts(failed).number(tookNanos).done();
    }

    public static WeaveOutcome read(PayloadReader in) throws ProtocolException {
        return new WeaveOutcome(in.texts(), in.texts(), in.number());
    }
}
