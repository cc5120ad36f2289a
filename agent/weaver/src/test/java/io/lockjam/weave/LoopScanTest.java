// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Use;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which reads in loops are flags, which are checked by a counter, and which keys that are made anew are the same. */
final class LoopScanTest {
    private static final String SAMPLES = "io/lockjam/weave/idiom/LoopSamples";

    private static Probed woven() throws IOException {
        byte[] file = Objects.requireNonNull(bytes(SAMPLES));
        return Objects.requireNonNull(new FieldProbeWeaver(LoopScanTest::bytes).weave(file));
    }

    private static byte @Nullable [] bytes(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static List<Boolean> marks(String method, String target, int bit) throws IOException {
        return woven().sites().stream()
                .filter(site -> site.method().equals(method) && site.target().contains(target))
                .map(site -> Use.has(site.use(), bit))
                .toList();
    }

    @Test
    void aBranchThatChangesOnBothWaysChecksNothing() throws IOException {
        assertThat(marks("looksOnBothWays", ".left ", Use.CHECK_THEN_ACT)).containsExactly(false, false);
        assertThat(marks("sells", ".left ", Use.CHECK_THEN_ACT)).containsExactly(true, true, true);
    }

    @Test
    void aFlagThatIsTurnedIsChangedByWhatItWas() throws IOException {
        assertThat(marks("turns", ".open ", Use.READ_MODIFY_WRITE)).containsExactly(true, true);
        assertThat(marks("turns", ".open ", Use.CHECK_THEN_ACT)).containsExactly(false, false);
        assertThat(marks("looksOnBothWays", ".left ", Use.READ_MODIFY_WRITE)).containsExactly(false, false);
        assertThat(woven().sites())
                .extracting(ProbeSite::target)
                .contains("ConcurrentHashMap.put-with-ConcurrentHashMap.get");
    }

    @Test
    void onlyWhatALoopEndsByIsAFlag() throws IOException {
        assertThat(marks("usesInALoop", ".left ", Use.LOOP)).containsExactly(false);
        assertThat(marks("waitsInALoop", ".left ", Use.LOOP)).containsExactly(true);
        assertThat(marks("leavesALoop", ".left ", Use.LOOP)).containsExactly(true);
        assertThat(marks("leavesALoopAtItsBegin", ".left ", Use.LOOP)).containsExactly(true);
        assertThat(marks("waitsForAnElement", "[]", Use.LOOP)).containsExactly(true);
    }

    @Test
    void whatIsReadBetweenTwoLooksAtACounterIsCheckedByIt() throws IOException {
        assertThat(marks("readsBetweenTwoLooks", ".left ", Use.BETWEEN)).containsExactly(true);
        assertThat(marks("readsBetweenTwoLooks", ".left ", Use.LOOP)).containsExactly(false);
        assertThat(marks("waitsInALoop", ".left ", Use.BETWEEN)).containsExactly(false);
        assertThat(marks("looksTwice", ".left ", Use.BETWEEN)).containsExactly(false, false);
        assertThat(marks("looksAThirdTime", ".left ", Use.BETWEEN)).containsExactly(false, false, false);
    }

    @Test
    void keysThatAreMadeAnewOfTheSameAreTheSame() throws IOException {
        Set<String> methods = woven().sites().stream()
                .filter(site -> site.target().startsWith("ConcurrentHashMap.put-"))
                .map(ProbeSite::method)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(methods)
                .containsExactly(
                        "countsByBean",
                        "countsByComponent",
                        "countsByComputed",
                        "countsByGetter",
                        "countsByRecord",
                        "countsByText",
                        "turnsInMap");
    }
}
