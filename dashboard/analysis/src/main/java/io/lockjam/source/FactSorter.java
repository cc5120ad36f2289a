// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the facts of a chunk in the order of their times, as far as a bounded memory goes. */
final class FactSorter {
    /** About 40 MB of facts, since threads and stacks are shared. */
    private static final int MOST = 200_000;

    private final FactWriter writer;
    private final Function<Fact, @Nullable Fact> settled;
    private final List<Fact> facts = new ArrayList<>();

    /** @param settled applied to each fact before it is written; null leaves it out */
    FactSorter(FactWriter writer, Function<Fact, @Nullable Fact> settled) {
        this.writer = writer;
        this.settled = settled;
    }

    void accept(Fact fact) throws IOException {
        facts.add(fact);
        if (facts.size() >= MOST) {
            write(MOST / 2);
        }
    }

    void flush() throws IOException {
        write(facts.size());
    }

    private void write(int count) throws IOException {
        facts.sort(Comparator.comparing(Fact::at));
        List<Fact> oldest = facts.subList(0, count);
        for (Fact fact : oldest) {
            Fact known = settled.apply(fact);
            if (known != null) {
                writer.write(known);
            }
        }
        oldest.clear();
    }
}
