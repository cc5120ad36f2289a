// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Caught;
import io.lockjam.boot.Use;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a race that the probes caught. */
final class RaceRowsTest {
    private static Throwable stack(String className) {
        Throwable stack = new Throwable();
        stack.setStackTrace(new StackTraceElement[] {new StackTraceElement(className, "run", "File.java", 7)});
        return stack;
    }

    @Test
    void aCallByAMethodReferenceStandsAtTheLineOfTheReference() {
        Thread me = Thread.currentThread();
        Caught caught = new Caught(
                false,
                new ArrayList<>(),
                "call",
                "List.add@com.acme.Shop.sells(Shop.java:12)",
                "List.clear",
                0,
                me,
                Use.WRITES,
                stack("java.util.stream.ForEachOps"),
                "",
                me,
                Use.WRITES,
                stack("com.acme.Shop"),
                "");

        assertThat(RaceRows.row(caught, false).fields())
                .containsEntry("firstAccess", "List.add")
                .containsEntry(
                        "firstStack", "com.acme.Shop.sells(Shop.java:12)\njava.util.stream.ForEachOps.run(File.java:7)")
                .containsEntry("secondAccess", "List.clear")
                .containsEntry("secondStack", "com.acme.Shop.run(File.java:7)");
    }

    private static Caught field(boolean predicted, String target, String label, int use, Throwable stack) {
        Thread me = Thread.currentThread();
        Object object = target.equals("static") ? RaceRowsTest.class : new Object();
        return new Caught(predicted, object, target, label, null, 0, me, use, stack, "", me, 0, stack, "");
    }

    private static Map<String, Object> fields(String label, boolean stateless) {
        Caught caught = field(false, "field", label, Use.WRITES | Use.READ_MODIFY_WRITE, stack("com.acme.Shop"));
        return RaceRows.row(caught, stateless).fields();
    }

    @Test
    void theTypeOfANumberIsToldWithItsUse() {
        assertThat(fields("com.acme.Shop.left I", false)).containsEntry("firstAccess", "read-modify-write int");
        assertThat(fields("com.acme.Shop.left J", false))
                .containsEntry("firstAccess", "read-modify-write long")
                .containsEntry("secondAccess", "long");
        assertThat(fields("com.acme.Shop.left S", false)).containsEntry("secondAccess", "short");
        assertThat(fields("com.acme.Shop.left B", false)).containsEntry("secondAccess", "byte");
        assertThat(fields("com.acme.Shop.left C", false)).containsEntry("secondAccess", "char");
        assertThat(fields("com.acme.Shop.sum F", false)).containsEntry("secondAccess", "float");
        assertThat(fields("com.acme.Shop.sum D", false)).containsEntry("secondAccess", "double");
        assertThat(fields("com.acme.Shop.open Z", false)).containsEntry("secondAccess", "boolean");
        assertThat(fields("com.acme.Shop.names Ljava/util/List;", false))
                .containsEntry("firstAccess", "read-modify-write")
                .containsEntry("secondAccess", null);
        assertThat(fields("com.acme.Shop.names Ljava/util/List;", true)).containsEntry("secondAccess", "immutable");
    }

    @Test
    void eachUseHasAWordOfItsOwn() {
        Map<Integer, String> words = Map.ofEntries(
                Map.entry(Use.READ_MODIFY_WRITE, "read-modify-write"),
                Map.entry(Use.CHECK_THEN_ACT, "check-then-act"),
                Map.entry(Use.LOOP, "loop"),
                Map.entry(Use.FRESH, "new-object"),
                Map.entry(Use.CONSTANT, "constant"),
                Map.entry(Use.DEFAULT_TEST, "if-unset"),
                Map.entry(Use.CONSTRUCTOR, "constructor"),
                Map.entry(Use.LOCKED, "locked"),
                Map.entry(Use.IMMUTABLE, "immutable"),
                Map.entry(Use.VALIDATED, "validated"),
                Map.entry(Use.BETWEEN, "between"),
                Map.entry(Use.ORDERED, "volatile"),
                Map.entry(Use.TO_LOCK, "to-lock"),
                Map.entry(Use.OWN_STATE, "own-state"),
                Map.entry(Use.UNVALIDATED, "unvalidated"),
                Map.entry(Use.HANDED, "handed"),
                Map.entry(Use.TURN, "turn"),
                Map.entry(Use.COUNTER, "counter"));
        words.forEach((bit, word) -> assertThat(RaceRows.use(Use.WRITES | bit)).isEqualTo(word));
        assertThat(RaceRows.use(Use.WRITES | Use.STEPS)).isNull();
        assertThat(RaceRows.use(Use.COUNTER | Use.READ_MODIFY_WRITE)).isEqualTo("read-modify-write counter");
    }

    @Test
    void aStaticFieldHasNoObjectAndAPredictedRaceSaysSo() {
        String label = "com.acme.Shop.total J";
        Throwable stack = stack("com.acme.Shop");
        assertThat(RaceRows.row(field(true, "static", label, 0, stack), false).fields())
                .containsEntry("objectId", 0L)
                .containsEntry("certainty", "predicted")
                .containsEntry("field", "com.acme.Shop.total");
        assertThat(RaceRows.row(field(false, "field", label, 0, stack), false).fields())
                .doesNotContainEntry("objectId", 0L)
                .containsEntry("certainty", "caught");
    }

    @Test
    void theProbesAreLeftOutOfTheStack() {
        Throwable stack = new Throwable();
        stack.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("io.lockjam.boot.Trap", "meet", "Trap.java", 1),
            new StackTraceElement("io.lockjam.boot.Probe", "field", "Probe.java", 2),
            new StackTraceElement("com.acme.Shop", "sell", "Shop.java", 3),
            new StackTraceElement("com.acme.Main", "main", "Main.java", -1)
        });
        assertThat(RaceRows.row(field(false, "field", "com.acme.Shop.left I", 0, stack), false)
                        .fields())
                .containsEntry("firstStack", "com.acme.Shop.sell(Shop.java:3)\ncom.acme.Main.main(Main.java)");
    }
}
