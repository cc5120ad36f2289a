// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import org.junit.jupiter.api.Test;

class MaskedSignalRuleTest {
    private static final LockRef BOX = new LockRef("com.acme.Box", "b0");
    private static final Unsignalled CHANGE =
            new Unsignalled("com.acme.Box.letters", new Frame("com.acme.Box", "put", "()V", "Box.java", 21, -1));

    /**
     * A reader waits for 900 ms each second.
     *
     * @param away milliseconds from the end of a wait to the next
     */
    private static Story waits(double away, boolean granted) {
        Story story = new Story();
        story.names.put(BOX, "com.acme.Box.it");
        story.unsignalled.put("take", CHANGE);
        story.guards.add("take");
        double end = 1;
        for (int wait = 0; wait < 10; wait++, end += 0.9 + away / 1_000) {
            story.tell(new Fact.WaitEnded(
                    Story.at(end),
                    Story.millis(900),
                    WaitKind.OBJECT_WAIT,
                    BOX,
                    Story.thread("reader"),
                    null,
                    null,
                    Story.stack("java.lang.Object.wait", "com.acme.Box.take"),
                    1,
                    true,
                    granted));
        }
        return story;
    }

    @Test
    void changesAreSeenLateWhereNobodyWakesTheReader() {
        Finding finding = waits(5, false).check(2, 9).found().get(0);

        assertThat(finding.kind()).isEqualTo(Kind.LOST_WAKEUP);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.text().what())
                .startsWith(
                        "reader sees changes of Box.letters late, by up to 900 ms: nothing but the time limit ends the wait at Box.take(");
        assertThat(finding.text().why()).startsWith("Box.put(Box.java:21) changes Box.letters and wakes nobody");
        assertThat(finding.text().change())
                .startsWith("Call notifyAll on Box.it after the change at Box.put(Box.java:21)");
    }

    @Test
    void whetherAnythingHasChangedIsNotKnownOfAReaderThatWaitsAgainAtOnce() {
        Finding finding = waits(0.01, false).check(2, 9).found().get(0);

        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.text().cost()).contains("whether anything had changed meanwhile is not known");
    }

    @Test
    void aSignalThatComesIsNotForgotten() {
        assertThat(waits(5, true).kinds(2, 9)).doesNotContain("lost-wakeup");
    }

    @Test
    void aLoopThatWorksEachTimeWaitsInOrderToDoItSoOften() {
        Story story = waits(5, false);
        story.guards.clear();

        assertThat(story.kinds(2, 9)).doesNotContain("lost-wakeup");
    }
}
