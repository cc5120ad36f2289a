// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Use;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which changes are found to depend on a look before them. */
final class StepScanTest {
    private static final String SAMPLES = "io/lockjam/weave/idiom/StepSamples";
    private static final String CALLS = "io/lockjam/weave/idiom/CallSamples";
    private static final int DEPENDS = Use.READ_MODIFY_WRITE | Use.CHECK_THEN_ACT;

    private static Probed woven() throws IOException {
        return woven(SAMPLES);
    }

    private static Probed woven(String name) throws IOException {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            byte[] file = Objects.requireNonNull(in).readAllBytes();
            return Objects.requireNonNull(new FieldProbeWeaver(any -> null).weave(file));
        }
    }

    private static Set<String> methods(int bit) throws IOException {
        return woven().sites().stream()
                .filter(site -> Use.has(site.use(), Use.ORDERED) && Use.has(site.use(), bit))
                .map(ProbeSite::method)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void findsVolatileFieldsThatAreChangedByWhatWasRead() throws IOException {
        assertThat(methods(Use.READ_MODIFY_WRITE))
                .containsExactly("addsStatic", "copiesOnWrite", "increments", "sums", "takesIfLeft", "wide");
    }

    @Test
    void findsVolatileFieldsThatAreSetAfterACheck() throws IOException {
        assertThat(methods(Use.CHECK_THEN_ACT))
                .containsExactly(
                        "computesLazily",
                        "goesOnBySwitch",
                        "keepsMost",
                        "leavesOrStarts",
                        "makesLazily",
                        "setsIfBothAreNone",
                        "startsOnce",
                        "takesIfLeft");
        assertThat(methods(Use.DEFAULT_TEST))
                .as("what each thread computes alike")
                .containsExactly("computesLazily", "leavesOrStarts", "startsOnce");
    }

    @Test
    void findsCallsThatDependOnACallBefore() throws IOException {
        Map<String, String> calls = new TreeMap<>();
        Stream.of(woven(), woven(CALLS))
                .flatMap(each -> each.sites().stream())
                .filter(site ->
                        site.target().contains("-after-") || site.target().contains("-with-"))
                .forEach(site -> calls.put(site.method(), site.target()));

        assertThat(calls)
                .containsOnly(
                        Map.entry("counts", "Map.put-with-Map.get"),
                        Map.entry("countsByBranches", "Map.put-with-Map.get"),
                        Map.entry("addsByAtomic", "AtomicInteger.set-with-AtomicInteger.get"),
                        Map.entry("addsToElement", "AtomicIntegerArray.lazySet-with-AtomicIntegerArray.get"),
                        Map.entry("takesFromAtomic", "AtomicInteger.decrementAndGet-after-AtomicInteger.get"),
                        Map.entry("marksOnce", "AtomicBoolean.set-own-after-AtomicBoolean.get"),
                        Map.entry("keepsMostAtomic", "AtomicInteger.set-own-after-AtomicInteger.get"),
                        Map.entry("plansIfNone", "AtomicReference.set-after-AtomicReference.get"),
                        Map.entry("plansAgain", "AtomicReference.set-own-after-AtomicReference.get"),
                        Map.entry(
                                "countsInSession",
                                "CallSamples$Session.setAttribute-with-CallSamples$Session.getAttribute"),
                        Map.entry(
                                "opensByHelpers",
                                "ConcurrentHashMap.put(io.lockjam.weave.idiom.CallSamples.sessions/openFor)"
                                        + "-own-after-ConcurrentHashMap.containsKey"),
                        Map.entry("openIfMissing", "ConcurrentHashMap.put-own-after-ConcurrentHashMap.get"),
                        Map.entry("dropsInALoop", "AtomicInteger.set-own-after-AtomicInteger.get"),
                        Map.entry("raisesElement", "Vector.set-with-Vector.get"),
                        Map.entry("countsAdded", "LongAdder.increment-after-LongAdder.sum"),
                        Map.entry("names", "System.setProperty-after-System.getProperty"),
                        Map.entry("opens", "ConcurrentHashMap.put-own-after-ConcurrentHashMap.get"),
                        Map.entry("books", "Map.put-own-after-Map.containsKey"),
                        Map.entry("putsIfMissing", "Map.put-after-Map.containsKey"),
                        Map.entry("sees", "Set.add-after-Set.contains"),
                        Map.entry("addsToProperty", "CallSamples$Account.setTotal-with-CallSamples$Account.getTotal"),
                        Map.entry(
                                "opensAccountOnce", "CallSamples$Account.setOpen-own-after-CallSamples$Account.isOpen"),
                        Map.entry("takesLast", "Vector.remove-after-Vector.isEmpty"));
    }

    private static List<Boolean> makes(String method) throws IOException {
        return woven().sites().stream()
                .filter(site -> site.method().equals(method) && site.target().contains(".plain "))
                .map(site -> Use.has(site.use(), Use.FRESH))
                .toList();
    }

    @Test
    void knowsWhatAMethodOfTheClassHasMade() throws IOException {
        assertThat(makes("reloads")).containsExactly(true);
        assertThat(makes("takesOver")).containsExactly(false);
    }

    @Test
    void bothChecksOfDoubleCheckedLockingLookForANewObject() throws IOException {
        assertThat(makes("checksTwice")).containsExactly(true, true, true, false);
    }

    @Test
    void aCheckBelongsToTheChangeOfACounter() throws IOException {
        assertThat(woven().sites().stream()
                        .filter(site -> site.method().equals("sells"))
                        .map(site -> site.use() & DEPENDS))
                .containsExactly(Use.CHECK_THEN_ACT, DEPENDS, DEPENDS);
        assertThat(woven().sites().stream()
                        .filter(site -> site.method().equals("countsAfterAnotherCheck"))
                        .map(site -> site.use() & DEPENDS))
                .containsExactly(0, Use.READ_MODIFY_WRITE, Use.READ_MODIFY_WRITE);
    }

    private static List<Boolean> marks(String method, String field, int bit) throws IOException {
        return woven().sites().stream()
                .filter(site -> site.method().equals(method) && site.target().contains("." + field + " "))
                .map(site -> Use.has(site.use(), bit))
                .toList();
    }

    @Test
    void aHintIsHandedToWhoGivesTheNextOne() throws IOException {
        assertThat(marks("findsFromTheLast", "left", Use.HANDED)).containsExactly(true, true);
        assertThat(marks("countsAfterAnotherCheck", "left", Use.HANDED)).doesNotContain(true);
        assertThat(marks("keepsTheMost", "left", Use.HANDED)).doesNotContain(true);
    }

    @Test
    void whatAMethodWritesAndReadsAgainBelongsToTheCall() throws IOException {
        assertThat(marks("rendersForOne", "shown", Use.OWN_STATE)).containsExactly(true, true);
        assertThat(marks("rendersOnOneWay", "shown", Use.OWN_STATE)).containsExactly(false, false);
        assertThat(marks("checksTwice", "plain", Use.OWN_STATE)).doesNotContain(true);
        assertThat(marks("sells", "left", Use.OWN_STATE)).doesNotContain(true);
    }

    @Test
    void aFieldIsReadToBeLocked() throws IOException {
        assertThat(marks("locksWhatItReplaces", "plain", Use.TO_LOCK)).containsExactly(true, false, false);
        assertThat(marks("checksTwice", "plain", Use.TO_LOCK)).doesNotContain(true);
    }

    @Test
    void anArrayWithItsElementsIsNew() throws IOException {
        assertThat(marks("publishesAnArray", "hosts", Use.FRESH)).containsExactly(true);
    }

    @Test
    void aStampThatNobodyValidatesGuardsNoRead() throws IOException {
        assertThat(marks("readsUnvalidated", "left", Use.UNVALIDATED)).containsExactly(true);
        assertThat(marks("readsValidated", "left", Use.UNVALIDATED)).isEmpty();
        assertThat(marks("changesStamped", "left", Use.LOCKED)).containsExactly(true, true);
    }
}
