// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.PUT;
import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptSharesTest {
    private static final LockRef LOCK = new LockRef("java.util.concurrent.locks.ReentrantLock", "7");
    private static final LockRef QUEUE = new LockRef("org.apache.tomcat.util.threads.TaskQueue", "8");

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void sampledWaitsAddUpToTheTotal() {
        session.accept(totals(20, Duration.ofSeconds(6)));
        session.accept(sampled(WaitKind.LOCK, LOCK, 10));
        session.accept(sampled(WaitKind.LOCK, LOCK, 10));

        assertThat(flame(false)).isEqualTo(Duration.ofSeconds(6));
    }

    /** A kept wait may be longer or shorter than the mean: its share of the time is not that of the number. */
    @Test
    void noPlaceHasMoreWaitsThanWereCounted() {
        session.accept(totals(3, Duration.ofSeconds(12)));
        session.accept(sampled(WaitKind.LOCK, LOCK, 1));
        session.accept(sampled(WaitKind.LOCK, LOCK, 1));

        LockWindow lock = session.locks(range(1, 2)).get(0);
        assertThat(lock.sites()).extracting(LockWindow.SiteShare::waits).containsExactly(3L);
        assertThat(lock.blame()).extracting(LockWindow.Blame::waits).containsExactly(3L);
        assertThat(lock.blame()).extracting(LockWindow.Blame::waited).containsExactly(Duration.ofSeconds(12));
        assertThat(lock.waitingThreads()).extracting(LockWindow.Part::waits).containsExactly(3L);
    }

    @Test
    void whoTakesFromAPoolsOwnQueueIsIdleWhateverThePool() {
        session.accept(takes("9001"));
        session.accept(sampled(WaitKind.QUEUE_TAKE, QUEUE, 10));

        assertThat(flame(false)).isEqualTo(Duration.ZERO);
        assertThat(flame(true)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void whoTakesFromAnyOtherQueueIsNot() {
        session.accept(takes(null));
        session.accept(sampled(WaitKind.QUEUE_TAKE, QUEUE, 1));

        assertThat(flame(false)).isEqualTo(Duration.ofSeconds(2));
    }

    private static Fact totals(int waits, Duration waited) {
        return new Fact.LockTotals(
                at(1.9),
                Duration.ofSeconds(1),
                WaitKind.LOCK,
                LOCK,
                waits,
                waited,
                Duration.ofSeconds(2),
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false);
    }

    private Duration flame(boolean idle) {
        return Duration.ofNanos(session.flame(range(1, 2), Flame.Mode.WAIT, thread -> true, idle, false)
                .total());
    }

    private static Fact sampled(WaitKind kind, LockRef lock, int weight) {
        return new Fact.WaitEnded(
                at(1.5), Duration.ofSeconds(2), kind, lock, thread(1), null, null, PUT, weight, false, true);
    }

    private static Fact takes(@Nullable String pool) {
        return new Fact.QueueTotals(
                at(1.1),
                Duration.ofSeconds(1),
                QUEUE,
                100,
                0,
                0,
                Duration.ZERO,
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Histogram.EMPTY,
                Duration.ofSeconds(pool == null ? 0 : 9),
                pool);
    }
}
