// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Virtual threads that wait and do not leave one of two carriers. */
class StillPinnedRuleTest {
    private static final Stack WAITS =
            Story.stack("java.util.concurrent.locks.ReentrantLock.lock", "com.acme.Span.end");

    private final Story story = new Story();

    private static ThreadRef virtual(int id) {
        return new ThreadRef(1_000 + id, "request-" + id, true, -1);
    }

    private void pinned(int threads, String state, int waiting, @Nullable ThreadRef owner) {
        waits(threads, waiting, owner);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < threads; i++) {
                story.tell(new Fact.StackSeen(Story.at(second + 0.2), virtual(i), "pinned", Story.LOCK, state, WAITS));
            }
        }
    }

    /** Ten seconds of so many waits for a lock that this thread has, while so many others could run. */
    private void waits(int threads, int waiting, @Nullable ThreadRef owner) {
        for (int second = 0; second < 10; second++) {
            story.tell(PoolFigures.of(Map.of("size", 2, "max", 2, "busy", 2, "depth", waiting, "timed", 0))
                    .of("java.util.concurrent.ForkJoinPool", "ForkJoinPool-1-worker-#", "carriers")
                    .at(second + 0.5));
            for (int i = 0; i < threads; i++) {
                story.tell(new Fact.WaitingNow(
                        Story.at(second + 0.3),
                        second,
                        virtual(i),
                        7 + i,
                        WaitKind.LOCK,
                        Story.LOCK,
                        owner,
                        Duration.ofSeconds(second + 2),
                        false,
                        1));
            }
            story.states(second + 0.4, Map.of("main", 'W'));
        }
    }

    private Finding.VirtualThreadPinned found() {
        return story.check(0, 10).found().stream()
                .filter(Finding.VirtualThreadPinned.class::isInstance)
                .map(Finding.VirtualThreadPinned.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nobodyGoesOnIfWhoIsNextInLineHasNoCarrier() {
        pinned(2, "WAITING", 8, null);

        assertThat(found().severity()).isEqualTo(Severity.ERROR);
        assertThat(found().text().what())
                .startsWith("2 virtual threads keep all 2 carriers while they wait at Span.end(")
                .endsWith("so far: 8 others could run but have none.");
        assertThat(found().text().why()).contains("nobody has, but the virtual thread that is next in line");
        assertThat(story.kinds(0, 10)).containsExactly("virtual-thread-pinned");
    }

    @Test
    void norIfWhoHasTheLockHasNone() {
        pinned(2, "WAITING", 8, virtual(5));

        assertThat(found().severity()).isEqualTo(Severity.ERROR);
        assertThat(found().text().why()).contains("request-5 has, and that has no carrier to give it back");
    }

    @Test
    void whoEverElseHasTheLockMayGiveItBack() {
        pinned(2, "WAITING", 8, Story.thread("main"));

        assertThat(found().severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void aWaitWithALimitEnds() {
        pinned(2, "TIMED_WAITING", 8, null);

        assertThat(found().severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void withACarrierLeftTheOthersGoOn() {
        pinned(1, "WAITING", 0, null);

        assertThat(found().severity()).isEqualTo(Severity.WARNING);
        assertThat(found().text().what()).startsWith("1 virtual thread keeps its carrier while it waits at Span.end(");
    }

    @Test
    void othersMayHaveTheOtherCarriers() {
        pinned(1, "WAITING", 4, null);

        assertThat(found().severity()).isEqualTo(Severity.WARNING);
        assertThat(found().text().what())
                .startsWith("1 virtual thread keeps its carrier while it waits")
                .endsWith("so far: 4 others could run but have none.");
    }

    @Test
    void shortPinsOneAfterTheOtherAreNotOneThatGoesOn() {
        pinned(1, "WAITING", 0, null);
        story.tell(new Fact.Activity(Story.at(5), Story.millis(30), virtual(0), Fact.ActivityKind.PINNED, WAITS, null));

        assertThat(story.kinds(0, 10)).doesNotContain("virtual-thread-pinned");
    }

    @Test
    void aFreeLockIsNotLostWhileWhoIsNextInLineMayLackACarrier() {
        waits(2, 8, null);
        assertThat(story.kinds(0, 10)).isEmpty();
    }

    @Test
    void withCarriersLeftItIsLost() {
        waits(2, 0, null);
        assertThat(story.kinds(0, 10)).containsExactly("lock-contention");
    }
}
