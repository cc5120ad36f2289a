// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FactSorterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void ordersByTimeAndKeepsTheOrderOfWhatIsSimultaneous() throws Exception {
        List<Fact> facts = List.of(gap(7, "c"), gap(3, "a"), gap(7, "d"), gap(5, "b"));

        assertThat(reasons(facts)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void losesNothingWhenThereAreMoreThanItKeeps() throws Exception {
        Random random = new Random(1);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < 450_000; i++) {
            facts.add(gap(i + random.nextInt(1_000), ""));
        }

        List<Fact> sorted = sorted(facts);

        assertThat(sorted).hasSameSizeAs(facts);
        assertThat(sorted).extracting(Fact::at).isSorted();
    }

    @Test
    void takesTimesThatAreYearsApart() throws Exception {
        List<Fact> facts =
                List.of(gap(1, "b"), new Fact.Gap(Instant.EPOCH, Duration.ZERO, "a", 1), gap(Long.MAX_VALUE >> 2, "c"));

        assertThat(reasons(facts)).containsExactly("a", "b", "c");
    }

    private static Fact gap(long nanos, String reason) {
        return new Fact.Gap(START.plusNanos(nanos), Duration.ZERO, reason, 1);
    }

    private static List<String> reasons(List<Fact> facts) throws IOException {
        return sorted(facts).stream().map(fact -> ((Fact.Gap) fact).reason()).toList();
    }

    private static List<Fact> sorted(List<Fact> facts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FactWriter writer = new FactWriter(new DataOutputStream(bytes));
        FactSorter sorter = new FactSorter(writer, fact -> fact);
        for (Fact fact : facts) {
            sorter.accept(fact);
        }
        sorter.flush();
        writer.end();
        FactReader reader = new FactReader(new ByteArrayInputStream(bytes.toByteArray()));
        List<Fact> sorted = new ArrayList<>();
        for (Message next = reader.next(); next instanceof Message.FactMessage carried; next = reader.next()) {
            sorted.add(carried.fact());
        }
        return sorted;
    }
}
