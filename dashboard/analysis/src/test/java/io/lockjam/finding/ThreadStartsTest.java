// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Which threads that come and go, or only come, belong together. */
class ThreadStartsTest {
    private static final Stack MAIL = Story.stack("java.lang.Thread.start", "com.acme.Mail.send");
    private static final Stack NOTE = Story.stack("java.lang.Thread.start", "com.acme.Note.write");

    @Test
    void eachGroupIsTold() {
        Story story = new Story();
        starts(story, 10, true, MAIL, i -> "mail-" + i);
        starts(story, 8, true, NOTE, i -> "note-" + i);
        starts(story, 2, false, Story.stack("com.acme.Call.make"), i -> "call-" + i);
        starts(story, 2, false, Story.stack("com.acme.Clock.set"), i -> "clock-" + i);

        assertThat(story.kinds(0, 10))
                .containsExactlyInAnyOrder("thread-churn", "thread-churn", "thread-leak", "thread-leak");
    }

    @Test
    void threadsWithNamesOfTheirOwnBelongTogetherByTheLineThatStartsThem() {
        Story story = new Story();
        starts(story, 10, true, MAIL, i -> "mail to " + letters(i));
        starts(story, 2, false, NOTE, i -> "note of " + letters(i));

        List<Finding> found = story.check(0, 10).found();

        assertThat(found)
                .extracting(each -> each.text().what())
                .anyMatch(
                        what -> what.matches(
                                "10 threads with names of their own, such as mail to \\w+, are started a second and end again at Mail\\.send.*"))
                .anyMatch(
                        what -> what.matches(
                                "Threads with names of their own, such as note of \\w+, only grow: 20 more in 10 s.* at Note\\.write.*"));
        assertThat(found).hasSize(2);
    }

    @Test
    void aFewThreadsOfOneLineWithNamesForWhatTheyDoAreNoGroup() {
        Story story = new Story();
        starts(story, 0.7, false, MAIL, i -> "part " + letters(i));

        assertThat(story.kinds(0, 10)).isEmpty();
    }

    /** 20 threads of a pool without a bound; its tasks take so many seconds, and most of them end. */
    @Test
    void aPoolThatGrowsWithItsLoadLeaksNothing() {
        assertThat(growingPool(8).kinds(0, 10)).isEmpty();
        assertThat(growingPool(4).kinds(0, 10)).isEmpty();
        Finding leak = growingPool(0.1).check(0, 10).found().get(0);
        assertThat(leak.kind()).isEqualTo(Kind.THREAD_LEAK);
        assertThat(leak.text().change()).startsWith("Find out why tasks of session-# do not end");
    }

    /** Ten clients in a second; some threads end at once, in the last three seconds none starts if {@code soonDone}. */
    private static Story clients(int oneEndsOf, boolean soonDone) {
        Story story = new Story();
        Stack origin = Story.stack(
                "java.lang.Thread.start",
                "jdk.internal.net.http.HttpClientImpl.create",
                "java.net.http.HttpClient.newHttpClient",
                "com.acme.Rates.rate");
        for (int i = 0; i < (soonDone ? 60 : 100); i++) {
            ThreadRef thread = Story.thread("HttpClient-" + i + "-SelectorManager");
            story.tell(new Fact.ThreadStarted(Story.at(i / 10.0), thread, null, origin));
            if (i % oneEndsOf == 0) {
                story.tell(new Fact.ThreadEnded(Story.at(i / 10.0 + 0.05), thread));
            }
        }
        return story;
    }

    @Test
    void clientsThatTheGarbageCollectorEndsNowAndThenAreChurnAndToBeShared() {
        Findings findings = clients(3, false).check(0, 10);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.THREAD_CHURN);
        assertThat(findings.found().get(0).text().change())
                .startsWith("Make one HttpClient and share it, in place of a new one for each call at Rates.rate(");
        assertThat(clients(3, true).kinds(0, 10)).isEmpty();
    }

    private static Story growingPool(double seconds) {
        Story story = new Story();
        starts(story, 2, false, NOTE, i -> "session-" + i);
        for (int second = 0; second < 10; second++) {
            Map<String, Number> figures = Map.of(
                    "size", 2 * second + 2,
                    "core", 0,
                    "max", Integer.MAX_VALUE,
                    "busy", 2 * second + 2,
                    "arrivals", 2,
                    "completions", 1,
                    "timed", 1,
                    "capacity", 0,
                    "serviceMillis", 1000 * seconds);
            story.tell(PoolFigures.of(figures)
                    .of("java.util.concurrent.ThreadPoolExecutor", "session-#", "threads")
                    .at(second + 0.5));
        }
        return story;
    }

    private static String letters(int i) {
        return "" + (char) ('a' + i / 26) + (char) ('a' + i % 26);
    }

    private static void starts(Story story, double perSecond, boolean end, Stack origin, IntFunction<String> name) {
        for (int i = 0; i < perSecond * 10; i++) {
            String thread = name.apply(i);
            story.states(i / perSecond, Map.of(thread, 'R'));
            story.tell(new Fact.ThreadStarted(Story.at(i / perSecond), Story.thread(thread), null, origin));
            if (end) {
                story.tell(new Fact.ThreadEnded(Story.at(i / perSecond + 0.01), Story.thread(thread)));
            }
        }
    }
}
