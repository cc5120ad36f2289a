// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Passes the facts of a recording on and sums up what of it could not be read. */
final class LossNotes implements Consumer<Fact> {
    private final Consumer<Fact> next;
    /** By reason; negative where nobody knows how much. */
    private final Map<String, Long> lost = new LinkedHashMap<>();

    LossNotes(Consumer<Fact> next) {
        this.next = next;
    }

    @Override
    public void accept(Fact fact) {
        if (fact instanceof Fact.Gap gap) {
            lost.merge(gap.reason(), gap.lost(), (one, other) -> one < 0 || other < 0 ? -1 : one + other);
        }
        next.accept(fact);
    }

    /** One sentence for each reason, such as "812 bytes at the end of a chunk are cut off or damaged.". */
    List<String> sentences() {
        return lost.entrySet().stream()
                .map(each -> (each.getValue() < 0 ? "Some " : each.getValue() + " ") + each.getKey() + ".")
                .toList();
    }
}
