// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The advice for a race: by what is shared, under which locks and in whose code. */
final class RaceCureTest {
    private static final String OWN = "com.acme.Shop.sell";

    private static Fact.Access side(String thread, String words, List<String> locks, String... methods) {
        return new Fact.Access(Story.thread(thread), true, words, Story.stack(methods), locks);
    }

    private static String cure(String target, String type, Fact.Access one, Fact.Access other) {
        Fact.RaceSeen race = new Fact.RaceSeen(Story.at(1), type, target, "caught", "1", one, other, null, null);
        return RaceCure.of(race, RaceKind.of(race, "com.acme.Shop.shared"));
    }

    private static String collection(String type, String call, List<String> locks) {
        return cure("call", type, side("a", call, locks, OWN), side("b", call, List.of(), OWN));
    }

    @Test
    void aCollectionIsReplacedByOneOfItsSort() {
        assertThat(collection("java.util.HashMap", "Map.put", List.of())).startsWith("ConcurrentHashMap, or one lock");
        assertThat(collection("java.util.HashMap", "Set.add", List.of())).startsWith("ConcurrentHashMap.newKeySet()");
        assertThat(collection("java.util.ArrayList", "List.add", List.of())).startsWith("CopyOnWriteArrayList");
        assertThat(collection("java.lang.StringBuilder", "StringBuilder.append", List.of()))
                .contains("local variable")
                .doesNotContain("ConcurrentHashMap");
        assertThat(collection("com.acme.OwnDigest", "MessageDigest.update", List.of()))
                .startsWith("one for each use");
    }

    @Test
    void aDateIsReplacedByAnInstant() {
        assertThat(collection("java.util.Date", "Date.setTime", List.of())).startsWith("an Instant");
    }

    @Test
    void whatAStreamFillsItCanMake() {
        Fact.Access adds = side("a", "List.add", List.of(), OWN, "java.util.stream.ForEachOps.accept");
        Fact.Access other = side("b", "List.add", List.of(), OWN);
        assertThat(cure("call", "java.util.ArrayList", adds, adds)).startsWith("let the stream make it");
        assertThat(cure("call", "java.util.ArrayList", adds, other)).startsWith("CopyOnWriteArrayList");
    }

    @Test
    void aSynchronizedWrapperIsToBeLockedForAnIteration() {
        String wrapper = "java.util.Collections$SynchronizedRandomAccessList@1f";
        assertThat(collection("java.util.ArrayList", "List.add", List.of(wrapper)))
                .contains("wrapper")
                .contains("hold its lock");
    }

    private static String steps(String call) {
        return collection("java.util.concurrent.Any", call, List.of());
    }

    @Test
    void twoStepsAreDoneInOneThatTheObjectHas() {
        assertThat(steps("AtomicInteger.set-with-AtomicInteger.get")).contains("updateAndGet");
        assertThat(steps("AtomicBoolean.set-own-after-AtomicBoolean.get")).contains("compareAndSet, which says who");
        assertThat(steps("LongAdder.increment-after-LongAdder.sum")).contains("an AtomicLong with updateAndGet");
        assertThat(steps("Set.add-after-Set.contains")).contains("returns false if it was there");
        assertThat(steps("Vector.add-after-Vector.contains")).contains("newKeySet");
        assertThat(steps("Vector.remove-after-Vector.isEmpty")).contains("poll");
        assertThat(steps("List.set-with-List.get")).startsWith("change it under one lock");
        assertThat(cure(
                        "call",
                        "java.util.concurrent.ConcurrentHashMap",
                        side("a", "Map.put-with-Map.get", List.of(), OWN),
                        side("b", "Map.put-with-Map.get", List.of(), OWN)))
                .isEqualTo(RaceKind.TWO_CALLS.cure());
        assertThat(collection("org.acme.Session", "Session.setUser-with-Session.getUser", List.of()))
                .startsWith("a call that does both");
        assertThat(collection("java.util.Properties", "System.setProperty-with-System.getProperty", List.of()))
                .startsWith("System.getProperties().putIfAbsent");
    }

    @Test
    void underAReadLockTheWriteLockIsMissing() {
        String lock = "java.util.concurrent.locks.ReentrantReadWriteLock$ReadLock@1f";
        Fact.Access one = side("a", "read-modify-write immutable int", List.of(lock), OWN);
        assertThat(cure(
                        "field",
                        "com.acme.Shop.left",
                        one,
                        side("b", "read-modify-write immutable", List.of(lock), OWN)))
                .startsWith("take the write lock");
        assertThat(cure("field", "com.acme.Shop.left", one, side("b", "read-modify-write immutable", List.of(), OWN)))
                .startsWith("make it an AtomicInteger");
        Fact.Access gets = side("a", "Map.get", List.of(lock), OWN);
        assertThat(cure("call", "java.util.LinkedHashMap", gets, gets)).startsWith("take the write lock for get, too");
        Fact.Access puts = side("a", "Map.put", List.of(lock), OWN);
        assertThat(cure("call", "java.util.HashMap", puts, puts)).startsWith("take the write lock for the change");
    }

    @Test
    void aReferenceIsNoCounter() {
        Fact.Access copies = side("a", "read-modify-write volatile", List.of(), OWN);
        assertThat(cure("field", "com.acme.Shop.names", copies, copies)).contains("AtomicReference", "updateAndGet");
        Fact.Access joins = side("a", "read-modify-write immutable", List.of(), OWN);
        assertThat(cure("field", "com.acme.Shop.text", joins, joins))
                .as("a text")
                .contains("AtomicReference");
    }

    @Test
    void aNumberIsChangedByWhatItsTypeHas() {
        assertThat(counted("int")).startsWith("make it an AtomicInteger, or a LongAdder if it is only added to");
        assertThat(counted("short")).startsWith("make it an AtomicInteger");
        assertThat(counted("long")).startsWith("make it an AtomicLong, or a LongAdder if it is only added to");
        assertThat(counted("double")).startsWith("make it a DoubleAdder").doesNotContain("AtomicInteger");
        assertThat(counted("float")).startsWith("make it a DoubleAdder");
        assertThat(counted("boolean")).startsWith("make it an AtomicBoolean");
    }

    private static String counted(String type) {
        Fact.Access adds = side("a", "read-modify-write immutable " + type, List.of(), OWN);
        return cure("field", "com.acme.Shop.left", adds, adds);
    }

    @Test
    void aClassInsideAnotherIsCalledByWhatItIs() {
        assertThat(SharedType.of("java.util.ArrayList$Itr")).isEqualTo("iterator of an ArrayList");
        assertThat(SharedType.of("java.util.HashMap$KeyIterator")).isEqualTo("iterator of a HashMap");
        assertThat(SharedType.of("java.util.concurrent.ConcurrentHashMap$KeySetView"))
                .isEqualTo("key set of a ConcurrentHashMap");
        assertThat(SharedType.of("java.util.TreeMap$EntrySet")).isEqualTo("entry set of a TreeMap");
        assertThat(SharedType.of("java.util.ArrayList$SubList")).isEqualTo("part of an ArrayList");
        assertThat(SharedType.of("java.util.Collections$SynchronizedRandomAccessList"))
                .isEqualTo("synchronized list");
        assertThat(SharedType.of("java.util.Collections$UnmodifiableMap")).isEqualTo("unmodifiable map");
        assertThat(SharedType.of("java.security.MessageDigest$Delegate")).isEqualTo("MessageDigest");
        assertThat(SharedType.of("java.util.Arrays$ArrayList")).isEqualTo("list of Arrays.asList");
        assertThat(SharedType.of("java.util.ArrayList$ArrayListSpliterator")).isEqualTo("stream of an ArrayList");
        assertThat(SharedType.of("com.acme.Shop$Cart")).isEqualTo("Shop$Cart");
        assertThat(SharedType.of("java.util.HashMap")).isEqualTo("HashMap");
    }

    private static String type(String map, String one, String other) {
        Fact.RaceSeen race = new Fact.RaceSeen(
                Story.at(1),
                map,
                "call",
                "caught",
                "1",
                side("a", one, List.of(), OWN),
                side("b", other, List.of(), OWN),
                null,
                null);
        return SharedType.of(race);
    }

    @Test
    void aMapInsideASetIsCalledByTheSet() {
        assertThat(type("java.util.LinkedHashMap", "Set.add", "LinkedHashSet.clear"))
                .isEqualTo("LinkedHashSet");
        assertThat(type("java.util.HashMap", "Set.add", "Set.contains")).isEqualTo("HashSet");
        assertThat(type("java.util.HashMap", "Map.put", "Set.contains")).isEqualTo("HashMap");
        assertThat(type("java.util.IdentityHashMap", "Set.add", "Set.add")).isEqualTo("IdentityHashMap");
    }

    private static Finding insideLibrary(String use, String... callers) {
        Fact.Access counts = side("a", use, List.of(), callers);
        Story story = new Story();
        story.tell(new Fact.RaceSeen(
                Story.at(1), "org.h2.engine.Session.hits", "field", "caught", "1", counts, counts, "1", "2"));
        return story.check(0, 2).found().get(0);
    }

    @Test
    void aCounterDeepInALibraryIsInformation() {
        String[] deep = {
            "org.h2.engine.Session.count", "org.h2.A.a", "org.h2.B.b", "org.h2.C.c", "org.h2.D.d", OWN,
        };
        String[] near = {"org.h2.engine.Session.count", OWN};
        String counts = "read-modify-write immutable counter int";
        assertThat(insideLibrary(counts, deep).severity()).isEqualTo(Severity.INFO);
        assertThat(insideLibrary(counts, deep).text().cost()).contains("only counts: the number may be too low");
        assertThat(insideLibrary(counts, deep).text().change()).contains("nothing, if the number need not be exact");
        assertThat(insideLibrary("read-modify-write immutable int", deep).text().change())
                .doesNotContain("need not be exact");
        assertThat(insideLibrary("read-modify-write immutable int", deep).severity())
                .isEqualTo(Severity.WARNING);
        assertThat(insideLibrary(counts, near).severity()).isEqualTo(Severity.ERROR);
    }

    @Test
    void anObjectOfAnOwnClassIsToldByThatAndByWhatItInherits() {
        Fact.Access formats = side("a", "SimpleDateFormat.format", List.of(), OWN);
        String type = "com.acme.ShopFormat";
        Fact.RaceSeen race = new Fact.RaceSeen(Story.at(1), type, "call", "caught", "1", formats, formats, null, null);
        Story story = new Story();
        story.tell(new Fact.Named(Story.at(1), race.site(formats), type + " (this)"))
                .tell(race);

        Text text = story.check(0, 2).found().get(0).text();
        assertThat(text.what()).contains("use one ShopFormat at the same time");
        assertThat(text.cost()).contains("keeps a state between its calls");
    }

    @Test
    void anIteratorIsToldByItsNameAndWhatItIs() {
        Story story = new Story();
        Fact.Access next = side("a", "Iterator.next", List.of(), OWN);
        Fact.RaceSeen race = new Fact.RaceSeen(
                Story.at(1), "java.util.ArrayList$Itr", "call", "caught", "1", next, next, null, null);
        story.tell(new Fact.Named(Story.at(1), race.site(next), "com.acme.Shop.turn"))
                .tell(race);

        assertThat(story.check(0, 2).found())
                .singleElement()
                .satisfies(found -> assertThat(found.text().what())
                        .contains("use Shop.turn (iterator of an ArrayList) at the same time"));
    }

    @Test
    void elementsCannotBeVolatile() {
        Fact.Access writes = side("a", "immutable", List.of(), OWN);
        assertThat(cure("array", "int[]", writes, writes))
                .contains("AtomicIntegerArray")
                .doesNotContain("volatile");
        assertThat(cure("array", "double[]", writes, writes)).doesNotContain("Atomic");
        Fact.Access looks = new Fact.Access(Story.thread("b"), false, "loop immutable", Story.stack(OWN), List.of());
        assertThat(cure("array", "boolean[]", writes, looks)).contains("AtomicBoolean");
        assertThat(cure("array", "int[]", writes, looks)).contains("AtomicIntegerArray");
    }

    @Test
    void whatIsInALibraryIsNotChangedThere() {
        Fact.Access inside = side("a", "immutable", List.of(), "org.h2.jdbc.JdbcResultSet.close", OWN);
        assertThat(cure("field", "org.h2.jdbc.JdbcResultSet.conn", inside, inside))
                .startsWith("if JdbcResultSet is not made for several threads, one for each use")
                .doesNotContain("volatile");
        Fact.Access language = side("a", "immutable", List.of(), "kotlin.UnsafeLazyImpl.getValue", OWN);
        assertThat(cure("field", "kotlin.UnsafeLazyImpl._value", language, language))
                .contains("LazyThreadSafetyMode.NONE");
    }
}
