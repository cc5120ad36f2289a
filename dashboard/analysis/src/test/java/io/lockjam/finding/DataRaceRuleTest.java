// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much a race counts, and how much of its meetings is told. */
final class DataRaceRuleTest {
    private static Fact.RaceSeen set(
            String method, String certainty, @Nullable String valueBefore, @Nullable String valueAfter) {
        Fact.Access write = new Fact.Access(
                Story.thread("w"), true, "immutable", Story.stack("com.acme.Shop." + method), List.of());
        return new Fact.RaceSeen(
                Story.at(1), "com.acme.Shop.state", "field", certainty, "1", write, write, valueBefore, valueAfter);
    }

    private static Severity severity(Fact.RaceSeen race) {
        return new Story().tell(race).check(0, 2).found().get(0).severity();
    }

    @Test
    void twoThatWriteWhatWasThereLoseNothing() {
        assertThat(severity(set("close", "caught", "CLOSED", "CLOSED"))).isEqualTo(Severity.INFO);
        assertThat(severity(set("close", "caught", "OPEN", "CLOSED"))).isEqualTo(Severity.WARNING);
        assertThat(severity(set("close", "caught", null, null))).isEqualTo(Severity.WARNING);
        assertThat(severity(set("close", "predicted", "CLOSED", "CLOSED")))
                .as("the value may have been another one at the earlier access")
                .isEqualTo(Severity.WARNING);
    }

    private static Fact.RaceSeen sorted(String object, String method) {
        Fact.Access write = new Fact.Access(
                Story.thread("w"), true, "immutable", Story.stack("com.acme.Sort." + method), List.of());
        return new Fact.RaceSeen(Story.at(1), "int[]", "array", "caught", object, write, write, null, null);
    }

    @Test
    void oneObjectWithoutANameIsOneFindingWhereverItIsUsed() {
        Story story = new Story();
        story.tell(sorted("a", "swap"))
                .tell(sorted("a", "insert"))
                .tell(sorted("b", "insert"))
                .tell(sorted("c", "other"));

        assertThat(story.check(0, 2).found())
                .extracting(found -> found.details().evidence().get("meetings"))
                .containsExactly(3, 1);
    }

    @Test
    void pairsOfPlacesAreCountedAndTheMostFrequentListed() {
        Story story = new Story();
        for (int i = 0; i < 12; i++) {
            story.tell(set("change" + i, "caught", null, null));
        }
        story.tell(set("change11", "caught", null, null));

        assertThat(story.check(0, 2).found()).singleElement().satisfies(found -> {
            assertThat(found.details().evidence()).containsEntry("meetings", 13);
            assertThat(found.details().evidence().get("pairs"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(10)
                    .first()
                    .asString()
                    .contains("change11")
                    .endsWith(": 2 meetings");
        });
    }
}
