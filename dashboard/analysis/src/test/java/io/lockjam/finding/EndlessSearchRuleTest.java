// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import org.junit.jupiter.api.Test;

/** Threads that go round in a broken map. */
class EndlessSearchRuleTest {
    private static final Stack GET =
            Story.stack("java.util.WeakHashMap.get", "com.acme.Catalog.describe", "com.acme.Request.run");
    private static final Stack PUT =
            Story.stack("java.util.WeakHashMap.put", "com.acme.Catalog.describe", "com.acme.Request.run");
    private static final Stack ELSEWHERE = Story.stack("com.acme.Catalog.describe", "com.acme.Request.run");

    @Test
    void whoStandsInOneSearchForGoodIsToldWithTheMap() {
        Story story = story();
        run(story, "request-1", 0, 3, ELSEWHERE);
        run(story, "request-1", 3, 10, GET);
        run(story, "request-2", 1, 10, GET);

        assertThat(story.check(0, 10).found()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.BUSY_WAIT);
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.text().what())
                    .startsWith("2 threads do not come out of WeakHashMap.get any more, at Catalog.describe(")
                    .endsWith(": Catalog.descriptions is broken.");
            assertThat(finding.text().change()).startsWith("Catalog.descriptions: one lock");
        });
    }

    @Test
    void whoIsSampledElsewhereOnceOrOnlyShortlyComesOut() {
        Story repeats = story();
        run(repeats, "request-1", 0, 6, GET);
        run(repeats, "request-1", 6, 6.1, PUT);
        run(repeats, "request-1", 6.1, 10, GET);
        Story comesOut = story();
        run(comesOut, "request-1", 0, 7, GET);
        Story sleeps = story();
        run(sleeps, "request-1", 0, 10, GET);
        sleeps.did(
                8, 1, "request-1", Fact.ActivityKind.SLEEP, Story.stack("java.lang.Thread.sleep", "com.acme.Idle.run"));
        Story ofItsOwn = new Story();
        run(ofItsOwn, "request-1", 0, 10, GET);

        assertThat(repeats.kinds(0, 10)).isEmpty();
        assertThat(comesOut.kinds(0, 10)).isEmpty();
        assertThat(sleeps.kinds(0, 10)).isEmpty();
        assertThat(ofItsOwn.kinds(0, 10)).isEmpty();
    }

    @Test
    void itIsNoBusyWait() {
        Story story = story();
        story.polls.add("describe");
        run(story, "request-1", 0, 10, GET);

        assertThat(story.check(0, 10).found()).singleElement().isInstanceOf(Finding.EndlessSearch.class);
    }

    @Test
    void fewerThreadsAreNoCureForThoseThatGoRoundForEver() {
        Story story = LoadRulesTest.cores(190, 800);
        story.searched.put("find", "com.acme.Forecast.known");
        for (int i = 0; i < 100; i++) {
            Stack find = Story.stack("java.util.WeakHashMap.get", "com.acme.Forecast.find");
            story.did(i / 10.0, 20, "forecast-3", Fact.ActivityKind.RUNNING, find);
        }

        assertThat(story.check(0, 10).found()).singleElement().isInstanceOf(Finding.EndlessSearch.class);
    }

    private static Story story() {
        Story story = new Story();
        story.searched.put("describe", "Catalog.descriptions");
        return story;
    }

    private static void run(Story story, String thread, double from, double to, Stack stack) {
        for (int i = 1; from + i / 20.0 <= to; i++) {
            story.did(from + i / 20.0, 20, thread, Fact.ActivityKind.RUNNING, stack);
        }
    }
}
