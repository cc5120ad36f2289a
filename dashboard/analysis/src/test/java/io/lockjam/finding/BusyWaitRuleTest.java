// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads that ask again and again instead of being told. */
class BusyWaitRuleTest {
    @Test
    void shortSleepsByTheThousandArePollingAndLongOnesPacing() {
        Story polling = new Story();
        Story pacing = new Story();
        Stack stack = Story.stack("java.lang.Thread.sleep", "com.acme.Printer.poll");
        for (int i = 0; i < 3_000; i++) {
            polling.did(i / 300.0, 0.15, "printer", Fact.ActivityKind.SLEEP, stack);
            pacing.did(i / 300.0, 3, "till", Fact.ActivityKind.SLEEP, stack);
        }

        assertThat(polling.kinds(0, 10)).containsExactly("busy-wait");
        assertThat(pacing.kinds(0, 10)).isEmpty();
    }

    @Test
    void aHandlerThatWaitsForRoomItselfIsNamed() {
        Story story = new Story();
        Stack next = Story.stack(
                "java.util.concurrent.locks.LockSupport.parkNanos",
                "com.lmax.disruptor.MultiProducerSequencer.next",
                "com.acme.Orders.place");
        Stack handles = Story.stack(
                "java.util.concurrent.locks.LockSupport.parkNanos",
                "com.lmax.disruptor.MultiProducerSequencer.next",
                "com.acme.Matcher.match",
                "com.lmax.disruptor.BatchEventProcessor.run");
        for (int i = 0; i < 3_000; i++) {
            story.did(i / 300.0, 0.15, "web-1", Fact.ActivityKind.SLEEP, next);
        }
        story.wait(5, 0.15, WaitKind.PARK, Story.OTHER, "matcher", null, null, handles, true);
        Text text = story.check(0, 10).found().get(0).text();

        assertThat(text.why())
                .contains(" matcher, which takes out of a ring buffer, waits for room in one itself at Matcher.match(");
        assertThat(text.change())
                .startsWith("Let no handler publish into the ring buffer that it empties at Matcher.match(");
    }

    @Test
    void whoFindsARingBufferFullIsToldWhatKeepsItFull() {
        for (String caller : List.of("com.acme.Orders.place", "org.apache.logging.log4j.core.async.AsyncLogger.log")) {
            Story story = new Story();
            Stack next = Story.stack(
                    "java.util.concurrent.locks.LockSupport.parkNanos",
                    "com.lmax.disruptor.MultiProducerSequencer.next",
                    caller,
                    "com.acme.Web.page");
            Stack event = Story.stack(
                    "java.lang.Thread.sleep", "com.acme.Journal.write", "com.lmax.disruptor.BatchEventProcessor.run");
            for (int i = 0; i < 3_000; i++) {
                story.did(i / 300.0, 0.15, "web-1", Fact.ActivityKind.SLEEP, next);
            }
            for (int i = 1; i <= 10; i++) {
                story.did(i, 950, "journal", Fact.ActivityKind.SLEEP, event);
            }
            Text text = story.check(0, 10).found().get(0).text();

            assertThat(text.why())
                    .startsWith("The ring buffer is full")
                    .contains(
                            " journal, which takes out of it, sleeps for at least 85.5 % of its time at Journal.write(");
            assertThat(text.change())
                    .startsWith("Make the call at Journal.write(")
                    .contains(
                            caller.contains("log4j")
                                    ? "publish less (log4j2.asyncQueueFullPolicy=Discard drops it) (called from Web.page("
                                    : "publish less (called from Orders.place(");
        }
    }

    @Test
    void threadsThatSpinAtOneLineAreOneFinding() {
        Story story = new Story();
        Stack spin = Story.stack("java.lang.Thread.onSpinWait", "com.acme.Ring.await");
        for (String thread : List.of("ring-1", "ring-2", "ring-3")) {
            for (int i = 0; i < 500; i++) {
                story.did(i / 50.0, 20, thread, Fact.ActivityKind.RUNNING, spin);
            }
        }

        assertThat(story.check(0, 10).found()).singleElement().satisfies(finding -> {
            assertThat(finding.text().what())
                    .startsWith("3 threads (ring-#) burn 2 cores looking at a condition, at Ring.await(");
            assertThat(finding.details().threads()).containsExactlyInAnyOrder("ring-1", "ring-2", "ring-3");
        });
    }

    @Test
    void parksOfOtherPlacesInTheSameRowDoNotMakeOneThatLooksNowAndThenABusyWait() {
        Story seldom = parks(10, 100, 250);
        Story often = parks(150, 4, 20);

        assertThat(seldom.kinds(0, 10)).doesNotContain("busy-wait");
        assertThat(often.check(0, 10).found())
                .filteredOn(each -> each.kind() == Kind.BUSY_WAIT)
                .singleElement()
                .extracting(each -> each.text().what())
                .asString()
                .matches(
                        "watcher parks 1\\d\\d times a second for [34](\\.\\d)? ms and looks again, at Watch\\.look.*");
    }

    /** As producers at a full ring buffer: 10,000 parks a second, of which the longest are sampled. */
    @Test
    void parksThatWereNotSampledCountIfTheirPlaceIsKnown() {
        assertThat(sampled("com.acme.Ring.next").kinds(0, 10)).containsExactly("busy-wait");
        assertThat(sampled("com.acme.Ring.next", "com.acme.Heart.beat").kinds(0, 10))
                .doesNotContain("busy-wait");
    }

    private static Story sampled(String... places) {
        Story story = new Story();
        LockRef none = new LockRef("java.util.concurrent.locks.LockSupport", LockRef.UNKNOWN_IDENTITY);
        for (int second = 0; second < 10; second++) {
            story.totals(second + 1, WaitKind.PARK, none, 10_000, 3_000, 0, 0);
            for (int i = 0; i < 100; i++) {
                Stack park = Story.stack("java.util.concurrent.locks.LockSupport.parkNanos", places[i % places.length]);
                String thread = "web-" + i % 6;
                story.wait(second + (i + 1.0) / 100, 3, WaitKind.PARK, none, thread, null, null, park, false);
            }
        }
        return story;
    }

    /** Two threads that wake each other so many times a second, and one that looks as often as told. */
    private static Story parks(int looks, double millis, int handed) {
        Story story = new Story();
        LockRef none = new LockRef("java.util.concurrent.locks.LockSupport", LockRef.UNKNOWN_IDENTITY);
        Stack hand = Story.stack("java.util.concurrent.locks.LockSupport.parkNanos", "com.acme.Relay.pass");
        Stack look = Story.stack("java.util.concurrent.locks.LockSupport.parkNanos", "com.acme.Watch.look");
        story.polls.add("look");
        for (int second = 0; second < 10; second++) {
            story.totals(second + 1, WaitKind.PARK, none, handed + looks, handed + looks * millis, 0, 0);
            for (int i = 0; i < handed; i++) {
                story.wait(second + (i + 1.0) / handed, 1, WaitKind.PARK, none, "left", null, "right", hand, false);
            }
            for (int i = 0; i < looks; i++) {
                double end = second + (i + 1.0) / looks;
                story.wait(end, millis, WaitKind.PARK, none, "watcher", null, null, look, false);
            }
        }
        return story;
    }
}
