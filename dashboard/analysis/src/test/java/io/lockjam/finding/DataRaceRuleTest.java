// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LibraryEntry;
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

    /** In Lucene's parser, which the application calls on what the code has a name for, or none. */
    private static Story parse(Story story, String field, String caller, @Nullable String parser, String... words) {
        Fact.Access write = new Fact.Access(
                Story.thread("request"),
                true,
                String.join(" ", words),
                Story.stack(
                        "org.apache.lucene.Tokens.next",
                        "org.apache.lucene.Parser.query",
                        "org.apache.lucene.Parser.parse",
                        caller + ".find"),
                List.of());
        Fact.RaceSeen race = new Fact.RaceSeen(
                Story.at(1), "org.apache.lucene." + field, "field", "caught", field, write, write, null, null);
        story.tell(race);
        if (parser != null) {
            story.tell(new Fact.Named(
                    Story.at(1), LibraryEntry.of(write).orElseThrow().site(), parser));
        }
        return story;
    }

    @Test
    void fieldsBeneathTheSameCallsOfALibraryAreOneFindingAboutWhatIsCalled() {
        Story story = new Story();
        parse(story, "Tokens.round", "com.acme.Search", "com.acme.Search.parser", "read-modify-write");
        parse(story, "Tokens.from", "com.acme.Search", "com.acme.Search.parser");
        parse(story, "Tokens.to", "com.acme.Search", "com.acme.Search.parser");
        parse(story, "Tokens.to", "com.acme.Search", "com.acme.Search.parser");

        assertThat(story.check(0, 2).found()).singleElement().satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.ERROR);
            assertThat(found.title())
                    .isEqualTo(
                            "request and request use Parser Search.parser at the same time, and nothing orders them.");
            assertThat(found.subject().name()).isEqualTo("com.acme.Search.parser");
            assertThat(found.text().why())
                    .startsWith("They meet at 3 fields and objects of it, Tokens.round among them: ");
            assertThat(found.text().change())
                    .startsWith(
                            "Parser Search.parser at Search.find(Search.java:30): if Parser is not made for several threads");
            assertThat(found.details().evidence()).containsEntry("meetings", 4);
            assertThat(found.details().evidence().get("fields"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .contains("Tokens.round, lost-update: 1 meeting", "Tokens.to, unordered: 2 meetings");
        });
    }

    @Test
    void whatTheCodeHasNoNameForIsToldByTheCall() {
        Story story = new Story();
        parse(story, "Tokens.round", "com.acme.Search", null, "read-modify-write");
        parse(story, "Tokens.from", "com.acme.Search", null, "read-modify-write");

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(
                        found -> assertThat(found.title())
                                .isEqualTo(
                                        "request and request use what Parser.parse touches at the same time, and nothing orders them."));
    }

    /** As the code knows a variable that was compiled without {@code -g}. */
    @Test
    void aNameThatBeginsWithTheTypeNeedsNoOtherOne() {
        Fact.Access add = new Fact.Access(
                Story.thread("w"), true, "ArrayList.add", Story.stack("com.acme.Report.count"), List.of());
        Fact.RaceSeen race =
                new Fact.RaceSeen(Story.at(1), "java.util.ArrayList", "call", "caught", "1", add, add, null, null);
        Story story = new Story();
        story.tell(race).tell(new Fact.Named(Story.at(1), race.site(add), "ArrayList of line 9 in count"));

        assertThat(story.check(0, 2).found().get(0).title())
                .isEqualTo("w and w use ArrayList of line 9 in count at the same time, and nothing orders them.");
    }

    @Test
    void twoObjectsOfALibraryAreTwoFindings() {
        Story story = new Story();
        for (String field : List.of("Tokens.round", "Tokens.from")) {
            parse(story, field + "1", "com.acme.Search", "com.acme.Search.parser", "read-modify-write");
            parse(story, field + "2", "com.acme.Alerts", "com.acme.Alerts.parser", "read-modify-write");
        }

        assertThat(story.check(0, 2).found())
                .extracting(found -> found.subject().name())
                .containsExactly("com.acme.Search.parser", "com.acme.Alerts.parser");
    }

    @Test
    void whatMayBeMeantSoIsToldOfEachField() {
        Story story = new Story();
        parse(story, "Tokens.hash", "com.acme.Search", "com.acme.Search.parser", "immutable");
        parse(story, "Tokens.cache", "com.acme.Search", "com.acme.Search.parser", "immutable");

        assertThat(story.check(0, 2).found())
                .extracting(Finding::severity)
                .containsExactly(Severity.INFO, Severity.INFO);
    }
}
