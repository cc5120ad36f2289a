// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes through another thread arrives whole, sorted and with the progress told meanwhile. */
@Timeout(60)
final class FactLineTest {
    private static final int FACTS = 50_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whatIsFlushedIsWritten() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FactWriter writer = new FactWriter(new DataOutputStream(bytes));
        try (FactLine line = new FactLine(new FactSorter(writer, fact -> fact), writer)) {
            for (int i = 0; i < FACTS; i++) {
                line.accept(new Fact.Gap(START.plusNanos(i ^ 7), Duration.ZERO, "", 1));
            }
            line.progress(3, 9);
            line.flush();
            writer.end();
        }

        FactReader reader = new FactReader(new ByteArrayInputStream(bytes.toByteArray()));
        List<Fact> facts = new ArrayList<>();
        List<Message> others = new ArrayList<>();
        for (Message next = reader.next(); !(next instanceof Message.End); next = reader.next()) {
            if (next instanceof Message.FactMessage carried) {
                facts.add(carried.fact());
            } else {
                others.add(next);
            }
        }
        assertThat(facts).hasSize(FACTS).extracting(Fact::at).isSorted();
        assertThat(others).containsExactly(new Message.Progress(3, 9));
    }
}
