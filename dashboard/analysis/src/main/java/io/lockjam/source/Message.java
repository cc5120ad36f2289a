// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;

/** One step of the binary form: a fact, or word of how the reading goes. */
public sealed interface Message {
    /** A fact. */
    record FactMessage(Fact fact) implements Message {}

    /** How many bytes of the recording have been read. */
    record Progress(long read, long total) implements Message {}

    /** The writer was done; nothing follows. */
    record End() implements Message {}

    /** The writer could make nothing of its input; {@code reason} is one sentence for the user. */
    record Unreadable(String reason) implements Message {}
}
