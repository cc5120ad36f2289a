// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Waits for a latch that only tasks could count down which are over. */
class TasksEndedTest {
    private static final LockRef LATCH = new LockRef("java.util.concurrent.CountDownLatch", "1a7c");

    /** A report waits for its parts; the workers idle. */
    private static Story report(int queued) {
        Story story = new Story();
        story.names.put(LATCH, "parts in build");
        story.givers.put("build", Set.of("com.acme.Report.lambda$build$0"));
        for (int second = 1; second <= 12; second++) {
            story.waitingNow(second, "report", 4, WaitKind.LATCH, LATCH, null, second, false);
            story.waitingNow(second, "worker-1", 2, WaitKind.QUEUE_TAKE, Story.OTHER, null, second, true);
            story.states(second, Map.of("report", 'C', "worker-1", 'W', "main", 'S', "Finalizer", 'W'));
            story.pool(second, Map.of("size", 1, "busy", 0, "busyMost", 0, "depth", queued, "arrivals", 0));
        }
        story.waits(
                1,
                "report",
                LATCH,
                "WAITING",
                Story.stack("java.util.concurrent.CountDownLatch.await", "com.acme.Report.build"));
        story.seen(2, "main", "asleep", "TIMED_WAITING", Story.stack("java.lang.Thread.sleep", "com.acme.App.main"));
        return story;
    }

    @Test
    void nobodyIsLeftToCountDown() {
        Findings findings = report(0).check(2, 12.5);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOST_WAKEUP);
        Text text = findings.found().get(0).text();
        assertThat(text.what()).startsWith("report waits for a count of parts in build that does not come");
        assertThat(text.why()).contains("only the tasks that Report.build(Report.java:");
        assertThat(text.change()).startsWith("Count parts in build down in a finally block");
    }

    @Test
    void aTaskThatRunsOrIsQueuedMayStillCountDown() {
        Story runs = report(0);
        runs.seen(
                6, "main", "waiter", "WAITING", Story.stack("java.lang.Object.wait", "com.acme.Report.lambda$build$0"));

        assertThat(runs.kinds(2, 12.5)).isEmpty();
        assertThat(report(1).kinds(2, 12.5)).doesNotContain("lost-wakeup");
    }

    @Test
    void aThreadThatWasNotSeenMayBeInATask() {
        Story story = report(0);
        for (int second = 1; second <= 12; second++) {
            story.states(second, Map.of("stranger", 'I'));
        }

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }

    @Test
    void whoIsNotSureWhoGivesItSaysNothing() {
        Story story = report(0);
        story.givers.clear();

        assertThat(story.kinds(2, 12.5)).isEmpty();
    }
}
