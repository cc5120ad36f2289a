// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Selectors that return at once for nothing, and those that wait or have much to do. */
class SelectorSpinRuleTest {
    private static final Stack SELECTS = Story.stack(
            "sun.nio.ch.EPoll.wait",
            "sun.nio.ch.SelectorImpl.lockAndDoSelect",
            "sun.nio.ch.SelectorImpl.select",
            "com.acme.Net.loop");
    private static final Stack LOOKS = Story.stack(
            "sun.nio.ch.EPoll.wait",
            "sun.nio.ch.SelectorImpl.lockAndDoSelect",
            "sun.nio.ch.SelectorImpl.selectNow",
            "com.acme.Net.loop");
    private static final Stack READS = Story.stack("com.acme.Net.decode", "com.acme.Net.loop");

    /** @param inside of ten samples a second */
    private static Story loop(long ranMillis, int inside, Stack select) {
        return loop(ranMillis, 0, 5, inside, select);
    }

    private static Story loop(long ranMillis, long queuedMillis, long voluntary, int inside, Stack select) {
        Story story = new Story();
        for (int second = 0; second < 10; second++) {
            story.states(second + 0.1, Map.of("net", 'R'));
            for (int i = 0; i < 10; i++) {
                Fact.ActivityKind kind = i < inside ? Fact.ActivityKind.NATIVE : Fact.ActivityKind.RUNNING;
                story.did(second + i / 10.0, 20, "net", kind, i < inside ? select : READS);
            }
            Fact.OsThread row = new Fact.OsThread(
                    Story.thread("net").osId(), ranMillis * 1_000_000, queuedMillis * 1_000_000, voluntary, 5);
            story.tell(new Fact.OsUsage(Story.at(second + 0.9), Duration.ofSeconds(1), List.of(row), -1, -1));
        }
        return story;
    }

    @Test
    void aSelectorThatNeverWaitsBurnsACore() {
        List<Finding> found = loop(950, 8, SELECTS).check(0, 10).found();
        assertThat(found).extracting(Finding::kind).containsExactly(Kind.BUSY_WAIT);
        assertThat(found.get(0).text().what()).contains("net burns", "a selector that returns at once", "Net.loop");
        assertThat(found.get(0).text().change()).contains("OP_WRITE");
        assertThat(loop(950, 9, LOOKS).check(0, 10).found().get(0).text().change())
                .contains("select(), which waits, instead of selectNow()");
    }

    @Test
    void oneThatWaitsOrHasMuchToReadDoesNot() {
        assertThat(loop(100, 9, SELECTS).kinds(0, 10)).isEmpty();
        assertThat(loop(950, 3, SELECTS).kinds(0, 10)).isEmpty();
    }

    @Test
    void onACrowdedMachineOneThatNeverWaitsIsToldByWhatItBurns() {
        assertThat(loop(400, 550, 5, 8, SELECTS)
                        .check(0, 10)
                        .found()
                        .get(0)
                        .text()
                        .what())
                .contains("net burns 40 % of a core");
    }

    @Test
    void oneThatWaitsForAMomentEachTimeOnlyWaitsForACore() {
        assertThat(loop(110, 430, 5_000, 9, SELECTS).kinds(0, 10)).doesNotContain(Kind.BUSY_WAIT.id());
        assertThat(loop(30, 900, 20, 9, SELECTS).kinds(0, 10)).doesNotContain(Kind.BUSY_WAIT.id());
        assertThat(loop(30, 900, 4, 9, SELECTS).kinds(0, 10)).contains(Kind.BUSY_WAIT.id());
    }
}
