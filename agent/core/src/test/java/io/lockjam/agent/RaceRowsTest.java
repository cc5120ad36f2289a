// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Caught;
import io.lockjam.boot.Use;
import java.util.ArrayList;
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
}
