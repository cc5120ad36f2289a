// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What no lock orders: nestings the wrong way round, and races. */
class OrderRulesTest {
    private static Fact.LockOrderSeen order(
            String thread, LockRef held, LockRef wanted, List<String> gates, boolean tried) {
        return new Fact.LockOrderSeen(
                Story.at(1),
                Story.thread(thread),
                held,
                "com.acme.Account.lock(Account.java:5)",
                wanted,
                Story.stack("com.acme." + thread + ".transfer"),
                gates,
                tried);
    }

    @Test
    void oppositeNestingsByTwoThreadsAreAnInversion() {
        Story story = new Story();
        story.tell(order("A", Story.LOCK, Story.OTHER, List.of(), false));
        story.tell(order("B", Story.OTHER, Story.LOCK, List.of(), false));

        assertThat(story.kinds(0, 2)).containsExactly("lock-order-inversion");
    }

    @Test
    void gatesTriesAndOneThreadAreNoInversion() {
        Story gate = new Story();
        gate.tell(order("A", Story.LOCK, Story.OTHER, List.of("9"), false));
        gate.tell(order("B", Story.OTHER, Story.LOCK, List.of("9"), false));
        Story tried = new Story();
        tried.tell(order("A", Story.LOCK, Story.OTHER, List.of(), true));
        tried.tell(order("B", Story.OTHER, Story.LOCK, List.of(), false));
        Story alone = new Story();
        alone.tell(order("A", Story.LOCK, Story.OTHER, List.of(), false));
        alone.tell(order("A", Story.OTHER, Story.LOCK, List.of(), false));

        assertThat(gate.kinds(0, 2)).isEmpty();
        assertThat(tried.kinds(0, 2)).isEmpty();
        assertThat(alone.kinds(0, 2)).isEmpty();
    }

    private static LockRef lock(String identity) {
        return new LockRef("java.util.concurrent.locks.ReentrantLock", identity);
    }

    private static LockRef reading(String identity) {
        return new LockRef("java.util.concurrent.locks.ReentrantReadWriteLock$ReadLock", identity);
    }

    private static LockRef writing(String identity) {
        return new LockRef("java.util.concurrent.locks.ReentrantReadWriteLock", identity);
    }

    @Test
    void threeNestingsInACircleAreOneInversion() {
        Story story = new Story();
        story.tell(order("A", lock("1"), lock("2"), List.of("1"), false));
        story.tell(order("B", lock("2"), lock("3"), List.of("2"), false));
        story.tell(order("C", lock("3"), lock("1"), List.of("3"), false));
        Story gated = new Story();
        gated.tell(order("A", lock("1"), lock("2"), List.of("1", "9"), false));
        gated.tell(order("B", lock("2"), lock("3"), List.of("2"), false));
        gated.tell(order("C", lock("3"), lock("1"), List.of("9", "3"), false));

        assertThat(story.check(0, 2).found()).singleElement().satisfies(each -> {
            assertThat(each.details().threads()).containsExactly("A", "B", "C");
            assertThat(each.text().what()).contains("3 locks in a circle");
        });
        assertThat(gated.kinds(0, 2)).isEmpty();
    }

    @Test
    void aLockHeldFurtherOutIsHeldAsWell() {
        Story story = new Story();
        story.tell(order("A", lock("1"), lock("2"), List.of("1"), false));
        story.tell(order("A", lock("2"), lock("3"), List.of("1", "2"), false));
        story.tell(order("B", lock("3"), lock("1"), List.of("3"), false));

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(each -> assertThat(each.details().threads()).containsExactlyInAnyOrder("A", "B"));
    }

    @Test
    void readersDoNotWaitForEachOther() {
        Story readers = new Story();
        readers.tell(order("A", reading("1"), lock("2"), List.of("1"), false));
        readers.tell(order("B", lock("2"), reading("1"), List.of("2"), false));
        Story writer = new Story();
        writer.tell(order("A", reading("1"), lock("2"), List.of("1"), false));
        writer.tell(order("B", lock("2"), writing("1"), List.of("2"), false));

        assertThat(readers.kinds(0, 2)).isEmpty();
        assertThat(writer.kinds(0, 2)).containsExactly("lock-order-inversion");
    }

    @Test
    void anInversionHasTheNamesOfItsLocks() {
        Story story = new Story();
        Fact.LockOrderSeen first = order("A", Story.LOCK, Story.OTHER, List.of(), false);
        story.tell(first.named(Story.LOCK, "com.acme.Shop.stock"));
        story.tell(first.named(Story.OTHER, "com.acme.Shop.orders"));
        story.tell(first);
        story.tell(order("B", Story.OTHER, Story.LOCK, List.of(), false));

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(each -> assertThat(each.details().subject().name()).isEqualTo("Shop.stock and Shop.orders"));
    }

    @Test
    void anUnsafeCollectionHasTheNameOfItsField() {
        Fact.Access put =
                new Fact.Access(Story.thread("w"), true, "Map.put", Story.stack("com.acme.Cache.put"), List.of());
        Fact.Access get =
                new Fact.Access(Story.thread("r"), false, "Map.get", Story.stack("com.acme.Cache.get"), List.of());
        Fact.Access other =
                new Fact.Access(Story.thread("r"), true, "Map.put", Story.stack("com.acme.Names.add"), List.of());
        Story story = new Story();
        Fact.RaceSeen race =
                new Fact.RaceSeen(Story.at(1), "java.util.HashMap", "call", "caught", "1", put, get, null, null);
        story.tell(race);
        story.tell(
                new Fact.RaceSeen(Story.at(1), "java.util.HashMap", "call", "caught", "2", other, other, null, null));
        story.tell(new Fact.Named(Story.at(1), race.site(put), "com.acme.Cache.byName or com.acme.Cache.byId"));
        story.tell(new Fact.Named(Story.at(1), race.site(get), "com.acme.Cache.byId"));

        assertThat(story.check(0, 2).found())
                .extracting(each -> each.details().subject().name())
                .containsExactlyInAnyOrder("com.acme.Cache.byId", "java.util.HashMap");
    }

    @Test
    void aRaceDeepInALibraryCountsOneStepLessThanOneInAnObjectOfOurs() {
        Story story = new Story();
        story.tell(lostUpdate("org.apache.lib.Stats.hits", "org.apache.lib.Stats.hit", "org.apache.lib.Server.run"));
        story.tell(lostUpdate("org.apache.lib.Map.size", "org.apache.lib.Map.put", "com.acme.Shop.sell"));

        assertThat(story.check(0, 2).found())
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR, Severity.WARNING);
        assertThat(story.check(0, 2).found().get(0).text().why()).contains("called from Shop.sell");
        assertThat(story.check(0, 2).found().get(1).text().cost()).contains("whose authors may have meant it");
    }

    private static Fact.RaceSeen lostUpdate(String field, String... methods) {
        Fact.Access add =
                new Fact.Access(Story.thread("w"), true, "read-modify-write", Story.stack(methods), List.of());
        return new Fact.RaceSeen(Story.at(1), field, "field", "caught", "1", add, add, null, null);
    }

    @Test
    void aPredictedRaceSaysSoUnlessItWasCaughtToo() {
        Story predicted = new Story();
        predicted.tell(count("predicted"));
        Story both = new Story();
        both.tell(count("predicted"));
        both.tell(count("caught"));
        both.tell(count("predicted"));

        assertThat(predicted.check(0, 2).found()).singleElement().satisfies(found -> {
            assertThat(found.text().what()).startsWith("Predicted: ").endsWith("these two accesses in this run.");
            assertThat(found.text().why()).endsWith("They were not seen at the same time.");
            assertThat(found.details().evidence()).containsEntry("certainty", "predicted");
        });
        assertThat(both.check(0, 2).found()).singleElement().satisfies(found -> {
            assertThat(found.text().what()).endsWith("at the same time, and nothing orders them.");
            assertThat(found.text().threshold()).startsWith("1 meeting ");
            assertThat(found.details().evidence()).containsEntry("certainty", "caught");
        });
    }

    private static Fact.RaceSeen count(String certainty) {
        Fact.Access add = new Fact.Access(
                Story.thread("w"), true, "read-modify-write", Story.stack("com.acme.Count.add"), List.of());
        return new Fact.RaceSeen(Story.at(1), "com.acme.Count.n", "field", certainty, "1", add, add, null, null);
    }

    @Test
    void aConnectionUsedByTwoThreadsIsNoCollection() {
        Fact.Access commit = new Fact.Access(
                Story.thread("w"), true, "Connection.commit", Story.stack("com.acme.Store.save"), List.of());
        Fact.RaceSeen race =
                new Fact.RaceSeen(Story.at(1), "com.acme.Db", "call", "caught", "1", commit, commit, null, null);

        assertThat(RaceKind.of(race, "com.acme.Db")).isEqualTo(RaceKind.SHARED_CONNECTION);
    }

    @Test
    void onlyNumbersThatAreSetCountAsACacheByTheirName() {
        assertThat(kind("com.acme.Page.cachedIndex", "")).isEqualTo(RaceKind.IDEMPOTENT_CACHE);
        assertThat(kind("com.acme.Stats.cacheHits", "read-modify-write")).isEqualTo(RaceKind.LOST_UPDATE);
        assertThat(kind("com.acme.Shop.cache", "check-then-act if-unset new-object"))
                .isEqualTo(RaceKind.CHECK_THEN_ACT);
    }

    private static RaceKind kind(String field, String words) {
        Fact.Access write =
                new Fact.Access(Story.thread("w"), true, words, Story.stack("com.acme.Page.search"), List.of());
        return RaceKind.of(
                new Fact.RaceSeen(Story.at(1), field, "field", "caught", "1", write, write, null, null), field);
    }

    @Test
    void anObjectWithOnlyFinalFieldsIsNeverSeenHalfMade() {
        assertThat(kind("com.acme.Shop.list", "new-object")).isEqualTo(RaceKind.UNSAFE_PUBLICATION);
        assertThat(kind("com.acme.Shop.list", "new-object immutable")).isEqualTo(RaceKind.PLAIN);
    }

    @Test
    void aLineThatReadsAndWritesByAccessorsLosesUpdates() {
        String set = "com.acme.Account.setCents";
        assertThat(accessed(set, "com.acme.Till.pay", List.of())).isEqualTo(RaceKind.LOST_UPDATE);
        assertThat(accessed(set, "com.acme.Till.close", List.of()))
                .as("another place")
                .isEqualTo(RaceKind.PLAIN);
        assertThat(accessed("com.acme.Account.empty", "com.acme.Till.pay", List.of()))
                .as("not what was read")
                .isEqualTo(RaceKind.PLAIN);
        assertThat(accessed(set, "com.acme.Till.pay", List.of("com.acme.Till@1f")))
                .as("under a lock")
                .isEqualTo(RaceKind.PLAIN);
    }

    private static RaceKind accessed(String setter, String writer, List<String> locks) {
        Fact.Access get = new Fact.Access(
                Story.thread("r"), false, null, Story.stack("com.acme.Account.getCents", "com.acme.Till.pay"), locks);
        Fact.Access set = new Fact.Access(Story.thread("w"), true, null, Story.stack(setter, writer), List.of());
        String field = "com.acme.Account.cents";
        return RaceKind.of(new Fact.RaceSeen(Story.at(1), field, "field", "caught", "1", get, set, null, null), field);
    }

    @Test
    void aCounterThatIsCheckedFirstNeedsMoreThanAnAtomic() {
        Fact.Access check = new Fact.Access(
                Story.thread("r"), false, "check-then-act", Story.stack("com.acme.Count.add"), List.of());
        Fact.RaceSeen update = count("caught");
        Fact.RaceSeen checked = new Fact.RaceSeen(
                Story.at(1), update.field(), "field", "caught", "1", check, update.second(), null, null);
        Fact.RaceSeen acted =
                new Fact.RaceSeen(Story.at(1), update.field(), "field", "caught", "1", check, writes(), null, null);

        assertThat(raceKind(new Story().tell(acted).tell(update))).isEqualTo("check-then-act");
        assertThat(raceKind(new Story().tell(update).tell(acted))).isEqualTo("check-then-act");
        assertThat(raceKind(new Story().tell(checked).tell(update))).isEqualTo("lost-update");
    }

    private static Fact.Access writes() {
        return new Fact.Access(Story.thread("w"), true, "check-then-act", Story.stack("com.acme.Count.add"), List.of());
    }

    private static String raceKind(Story story) {
        return String.valueOf(
                story.check(0, 2).found().get(0).details().evidence().get("raceKind"));
    }

    @Test
    void whatACallIsGivenIsSaid() {
        Story story = new Story();
        Fact.Access copy = new Fact.Access(
                Story.thread("r"), false, "ArrayList.<init>(it)", Story.stack("com.acme.Shop.copy"), List.of());
        Fact.Access sum = new Fact.Access(
                Story.thread("r"), true, "Collections.sort(it)", Story.stack("com.acme.Shop.sort"), List.of());
        story.tell(new Fact.RaceSeen(Story.at(1), "java.util.ArrayList", "call", "caught", "1", copy, sum, null, null));

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(found -> assertThat(found.text().why())
                        .contains("r gives it to new ArrayList at ", "r gives it to Collections.sort at "));
    }

    @Test
    void anElementThatIsFilledWithWhatHasOnlyFinalFieldsIsACache() {
        assertThat(element("if-unset check-then-act new-object immutable", "com.acme.Prices.known"))
                .isEqualTo(RaceKind.IDEMPOTENT_CACHE);
        assertThat(element("if-unset check-then-act new-object", "com.acme.Prices.known"))
                .isEqualTo(RaceKind.CHECK_THEN_ACT);
        assertThat(element("new-object immutable", "com.acme.Prices.CACHE")).isEqualTo(RaceKind.IDEMPOTENT_CACHE);
        assertThat(element("read-modify-write immutable", "com.acme.Stats.hash"))
                .isEqualTo(RaceKind.LOST_UPDATE);
    }

    @Test
    void whoOnlyReadsWhatAnotherChangesLosesNothing() {
        Fact.Access read =
                new Fact.Access(Story.thread("r"), false, null, Story.stack("com.acme.Count.get"), List.of());
        Fact.Access change = new Fact.Access(
                Story.thread("r"), false, "read-modify-write", Story.stack("com.acme.Count.add"), List.of());
        assertThat(counted(read, List.of("com.acme.Count@1f"))).isEqualTo(RaceKind.PLAIN);
        assertThat(counted(read, List.of())).as("perhaps one thread counts").isEqualTo(RaceKind.PLAIN);
        assertThat(counted(change, List.of())).isEqualTo(RaceKind.LOST_UPDATE);
    }

    private static RaceKind counted(Fact.Access read, List<String> locks) {
        Fact.Access add =
                new Fact.Access(Story.thread("w"), true, "read-modify-write", Story.stack("com.acme.Count.add"), locks);
        String field = "com.acme.Count.n";
        return RaceKind.of(new Fact.RaceSeen(Story.at(1), field, "field", "caught", "1", add, read, null, null), field);
    }

    private static RaceKind element(String words, String name) {
        Fact.Access write =
                new Fact.Access(Story.thread("w"), true, words, Story.stack("com.acme.Prices.of"), List.of());
        return RaceKind.of(
                new Fact.RaceSeen(Story.at(1), "com.acme.Price[]", "array", "caught", "1", write, write, null, null),
                name);
    }

    @Test
    void whoOnlyAsksForTheSizeBreaksNothing() {
        assertThat(calls("java.util.ArrayDeque", "Deque.isEmpty", List.of("java.lang.Object@1f")))
                .isEqualTo(RaceKind.SIZE_HINT);
        assertThat(calls("java.util.ArrayDeque", "Deque.isEmpty", List.of())).isEqualTo(RaceKind.STALE_SIZE);
        assertThat(calls("java.util.ArrayDeque", "Deque.peek", List.of("java.lang.Object@1f")))
                .isEqualTo(RaceKind.UNSAFE_COLLECTION);
        assertThat(calls("java.util.WeakHashMap", "Map.size", List.of("java.lang.Object@1f")))
                .as("drops entries by the way")
                .isEqualTo(RaceKind.UNSAFE_COLLECTION);
    }

    private static RaceKind calls(String type, String asks, List<String> locks) {
        Fact.Access ask = new Fact.Access(Story.thread("r"), false, asks, Story.stack("com.acme.Jobs.any"), List.of());
        Fact.Access put =
                new Fact.Access(Story.thread("w"), true, "Deque.add", Story.stack("com.acme.Jobs.add"), locks);
        return RaceKind.of(new Fact.RaceSeen(Story.at(1), type, "call", "caught", "1", ask, put, null, null), type);
    }

    @Test
    void anObjectThatIsSeenInItsConstructorIsHandedOverTooEarly() {
        assertThat(made("com.acme.Page.total")).isEqualTo(RaceKind.UNSAFE_PUBLICATION);
        assertThat(made("com.acme.Other.total")).as("another object").isEqualTo(RaceKind.PLAIN);
    }

    private static RaceKind made(String field) {
        Fact.Access write =
                new Fact.Access(Story.thread("w"), true, "constructor", Story.stack("com.acme.Page.<init>"), List.of());
        Fact.Access read = new Fact.Access(Story.thread("r"), false, null, Story.stack("com.acme.Shop.see"), List.of());
        return RaceKind.of(
                new Fact.RaceSeen(Story.at(1), field, "field", "caught", "1", read, write, null, null), field);
    }

    @Test
    void aCaughtRaceOfTwoWritersIsAnError() {
        Story story = new Story();
        Fact.Access write = new Fact.Access(
                Story.thread("w"), true, "read-modify-write", Story.stack("com.acme.Count.add"), List.of());
        Fact.Access set = new Fact.Access(Story.thread("w"), true, null, Story.stack("com.acme.Count.set"), List.of());
        Fact.Access read =
                new Fact.Access(Story.thread("r"), false, null, Story.stack("com.acme.Count.get"), List.of());
        story.tell(new Fact.RaceSeen(Story.at(1), "com.acme.Count.n", "field", "caught", "1", write, write, "1", "2"));
        story.tell(new Fact.RaceSeen(Story.at(1), "com.acme.Count.m", "field", "caught", "1", set, read, null, null));

        assertThat(story.check(0, 2).found())
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR, Severity.WARNING);
    }
}
