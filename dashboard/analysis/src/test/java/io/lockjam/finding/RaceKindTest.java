// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What kind of mistake two accesses are, by the words of their probes. */
final class RaceKindTest {
    private static final String LOCK = "com.acme.Shop@1f";

    private static Fact.Access side(boolean writes, @Nullable String words, String... locks) {
        String method = writes ? "com.acme.Shop.change" : "com.acme.Shop.look";
        return new Fact.Access(Story.thread(writes ? "w" : "r"), writes, words, Story.stack(method), List.of(locks));
    }

    private static Fact.RaceSeen race(String target, Fact.Access one, Fact.Access other) {
        String place = target.equals("call") ? "java.util.concurrent.ConcurrentHashMap" : "com.acme.Shop.left";
        return new Fact.RaceSeen(Story.at(1), place, target, "caught", "1", one, other, null, null);
    }

    private static RaceKind kind(Fact.Access one, Fact.Access other) {
        return RaceKind.of(race("field", one, other), "com.acme.Shop.left");
    }

    private static RaceKind calls(String call, String name) {
        return RaceKind.of(race("call", side(true, call), side(true, call)), name);
    }

    private static RaceKind hint(String name, String use) {
        return RaceKind.of(race("field", side(true, use), side(false, use)), name);
    }

    @Test
    void aCounterThatIsCheckedFirstIsNotCuredByAnAtomicOne() {
        String both = "read-modify-write check-then-act immutable";
        assertThat(kind(side(true, both), side(true, both))).isEqualTo(RaceKind.CHECK_THEN_ACT);
        assertThat(kind(side(true, both), side(false, "check-then-act immutable")))
                .isEqualTo(RaceKind.CHECK_THEN_ACT);
        assertThat(kind(side(true, "read-modify-write immutable"), side(true, "read-modify-write immutable")))
                .isEqualTo(RaceKind.LOST_UPDATE);
    }

    @Test
    void aFlagThatIsTurnedIsAFlagToTheLoopThatReadsIt() {
        Fact.Access turns = side(true, "check-then-act immutable");
        assertThat(kind(turns, side(false, "loop immutable"))).isEqualTo(RaceKind.STOP_FLAG);
        assertThat(kind(turns, turns)).isEqualTo(RaceKind.CHECK_THEN_ACT);
    }

    @Test
    void theFirstCheckOfDoubleCheckedLockingMayFindAnObjectHalfMade() {
        Fact.Access first = side(false, "new-object");
        assertThat(kind(first, side(true, "constant locked", LOCK))).isEqualTo(RaceKind.UNSAFE_PUBLICATION);
        assertThat(kind(first, side(true, "check-then-act new-object locked", LOCK)))
                .isEqualTo(RaceKind.UNSAFE_PUBLICATION);
        assertThat(kind(side(false, null), side(true, "constant locked", LOCK))).isEqualTo(RaceKind.PLAIN);
    }

    @Test
    void ofAVolatileFieldTwoStepsAreTold() {
        Fact.Access adds = side(true, "read-modify-write immutable volatile");
        assertThat(kind(adds, adds)).isEqualTo(RaceKind.LOST_UPDATE);
        Fact.Access makes = side(true, "check-then-act if-unset new-object volatile");
        assertThat(kind(makes, makes)).isEqualTo(RaceKind.TWO_STEPS);
        Fact.Access gets = side(true, "check-then-act if-unset volatile");
        assertThat(kind(gets, gets)).isEqualTo(RaceKind.MADE_TWICE);
        Fact.Access computes = side(true, "check-then-act if-unset immutable volatile");
        assertThat(kind(computes, computes)).isEqualTo(RaceKind.IDEMPOTENT_CACHE);
    }

    @Test
    void twoCallsLoseWhatOneCallWouldKeep() {
        assertThat(calls("Map.put-with-Map.get", "com.acme.Shop.counts")).isEqualTo(RaceKind.TWO_CALLS);
        assertThat(calls("Map.put-own-after-Map.get", "com.acme.Shop.sessions")).isEqualTo(RaceKind.TWO_STEPS);
        assertThat(calls("Map.put-after-Map.get", "com.acme.Shop.methods")).isEqualTo(RaceKind.MADE_TWICE);
        assertThat(calls("List.remove-after-List.isEmpty", "com.acme.Shop.free"))
                .isEqualTo(RaceKind.TWO_STEPS);
        assertThat(calls("AtomicReference.set-after-AtomicReference.get", "com.acme.Shop.plan"))
                .isEqualTo(RaceKind.MADE_TWICE);
        assertThat(calls("AtomicReference.set-own-after-AtomicReference.get", "com.acme.Shop.plan"))
                .isEqualTo(RaceKind.TWO_STEPS);
        assertThat(calls("Map.put-after-Map.get", "com.acme.Shop.priceCache")).isEqualTo(RaceKind.IDEMPOTENT_CACHE);
    }

    @Test
    void whereACachedSearchBeginsIsAHint() {
        assertThat(hint("com.acme.Page.cachedCompare", "read-modify-write handed immutable"))
                .isEqualTo(RaceKind.IDEMPOTENT_CACHE);
        assertThat(hint("com.acme.Page.cacheHits", "read-modify-write immutable"))
                .isEqualTo(RaceKind.LOST_UPDATE);
        assertThat(hint("com.acme.Page.total", "read-modify-write handed immutable"))
                .isEqualTo(RaceKind.LOST_UPDATE);
        assertThat(hint("com.acme.Page.cachedRoot", "read-modify-write handed")).isEqualTo(RaceKind.LOST_UPDATE);
    }

    @Test
    void aStepOfATurnMayBeLost() {
        Fact.Access steps = side(true, "read-modify-write immutable turn");
        assertThat(kind(steps, steps)).isEqualTo(RaceKind.TURN);
        assertThat(kind(side(true, "check-then-act immutable turn"), side(false, "check-then-act immutable turn")))
                .isEqualTo(RaceKind.TURN);
        assertThat(kind(steps, side(true, "read-modify-write immutable"))).isEqualTo(RaceKind.LOST_UPDATE);
        assertThat(RaceCure.of(race("field", steps, steps), RaceKind.TURN)).startsWith("nothing, if turns need not");
    }

    @Test
    void aLockThatIsReplacedIsTheCauseOfWhatElseIsSeen() {
        Fact.Access locks = side(false, "to-lock");
        assertThat(kind(locks, side(true, "read-modify-write locked", LOCK))).isEqualTo(RaceKind.REPLACED_LOCK);
        assertThat(kind(locks, side(true, "new-object locked", LOCK))).isEqualTo(RaceKind.REPLACED_LOCK);
    }

    @Test
    void whatACallKeepsForItselfIsTold() {
        Fact.Access writes = side(true, "immutable own-state");
        assertThat(kind(writes, side(false, "immutable own-state"))).isEqualTo(RaceKind.OWN_STATE);
        assertThat(kind(writes, writes)).isEqualTo(RaceKind.OWN_STATE);
        assertThat(kind(writes, side(false, "immutable"))).isEqualTo(RaceKind.PLAIN);
    }

    @Test
    void aStampThatIsNotValidatedIsTold() {
        assertThat(kind(side(false, "immutable unvalidated"), side(true, "read-modify-write locked immutable")))
                .isEqualTo(RaceKind.UNVALIDATED_READ);
    }

    @Test
    void whatIsReadBetweenTwoLooksAtACounterIsNoFlag() {
        Fact.Access writes = side(true, "immutable");
        assertThat(kind(side(false, "immutable between"), writes)).isEqualTo(RaceKind.UNFENCED_READ);
        assertThat(kind(side(false, "loop immutable"), writes)).isEqualTo(RaceKind.STOP_FLAG);
    }

    @Test
    void whoOnlyReadsDoesNotActUponWhatItSaw() {
        Fact.Access acts = side(true, "check-then-act immutable");
        assertThat(kind(acts, side(false, "immutable"))).isEqualTo(RaceKind.PLAIN);
        assertThat(kind(acts, side(false, "check-then-act immutable"))).isEqualTo(RaceKind.CHECK_THEN_ACT);
        assertThat(kind(side(false, "check-then-act immutable"), side(true, "immutable")))
                .isEqualTo(RaceKind.CHECK_THEN_ACT);
    }

    @Test
    void saysWhatWasDoneBetweenTheTwoSteps() {
        Story story = new Story();
        Fact.Access one = side(true, "Map.put-with-Map.get");
        Fact.Access other = side(true, "Map.put-after-Map.containsKey");
        story.tell(race("call", one, other));

        assertThat(story.check(0, 2).found()).singleElement().satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.ERROR);
            assertThat(found.text().what()).contains(" both change ", " by what they saw in it before.");
            assertThat(found.text().why())
                    .contains("calls Map.put with what Map.get gave at ", "calls Map.put after Map.containsKey at ");
        });
    }

    @Test
    void whatKeepsAStateBetweenCallsIsNoCollection() {
        Story story = new Story();
        Fact.Access one = side(true, "MessageDigest.update");
        story.tell(new Fact.RaceSeen(
                Story.at(1),
                "java.security.MessageDigest$Delegate$CloneableDelegate",
                "call",
                "caught",
                "1",
                one,
                one,
                null,
                null));

        assertThat(story.check(0, 2).found()).singleElement().satisfies(found -> {
            assertThat(found.text().what()).contains(" use one MessageDigest at the same time");
            assertThat(found.text().cost())
                    .contains("keeps a state between its calls")
                    .doesNotContain("entries");
        });
    }

    @Test
    void saysWhichMethodMakesTheChange() {
        Story story = new Story();
        Fact.Access one = side(true, "Map.put(com.acme.Shop.all/load)-own-after-Map.get");
        story.tell(race("call", one, one));

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(found ->
                        assertThat(found.text().why()).contains("calls load, which calls Map.put, after Map.get at "));
    }

    @Test
    void aRaceWhoseTextsAreLostIsNotTold() {
        Story story = new Story();
        Fact.Access one = side(true, null);
        story.tell(new Fact.RaceSeen(Story.at(1), "", "field", "caught", "1", one, one, null, null));

        assertThat(story.check(0, 2).found()).isEmpty();
    }
}
