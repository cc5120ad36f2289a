// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.PUT;
import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.states;
import static io.lockjam.window.Given.thread;
import static io.lockjam.window.Given.waited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found out about who held a lock. */
class HolderFinderTest {

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void aHolderWithoutACoreIsSaidToHaveNone() {
        Holder holder = holderThatRan(50_000_000, 950_000_000);
        assertThat(holder.doing()).isEqualTo(Doing.WAITS_FOR_CORE);
        assertThat(holder.detail()).isEqualTo("for 38 of 40 ms");
    }

    /** Of many short sleeps not all are kept; what is not known to be a sleep is not wanting to run. */
    @Test
    void aHolderThatHardlyWantedToRunIsNotSaidToHaveNoCore() {
        Holder holder = holderThatRan(2_000_000, 38_000_000);
        assertThat(holder.doing()).isEqualTo(Doing.UNKNOWN);
    }

    @Test
    void whereALockWasTakenIsSaidOnlyWhileTheHolderIsThere() {
        Frame loads = new Frame("com.acme.Cache", "load", "()V", "Cache.java", 60, 5);
        Frame puts = PUT.frames().get(0);
        session.accept(waited(1, 10, "aaa", 9, 8));
        session.accept(sleep(1.6, 500, List.of(loads)));
        session.accept(waited(1.6, 400, "aaa", 1, 9));
        session.accept(waited(3, 10, "aaa", 9, 8));
        session.accept(sleep(3.6, 500, List.of(loads, puts)));
        session.accept(waited(3.6, 400, "aaa", 1, 9));

        assertThat(holder(range(0, 2)).doing()).isEqualTo(Doing.SLEEPS);
        assertThat(holder(range(0, 2)).takenAt()).isNull();
        assertThat(holder(range(3, 5)).takenAt()).isEqualTo(puts);
    }

    /** A sleep that goes on after the wait has ended is told later than the wait. */
    @Test
    void whatIsToldLateExplainsTheWaitWhenItIsLookedForAgain() {
        session.accept(owned(1.6));
        session.accept(waited(3, 10, "bbb", 2, 3));
        assertThat(holder(range(0, 2)).doing()).isEqualTo(Doing.UNKNOWN);

        session.accept(sleep(4, 3_000, List.of(PUT.frames().get(0))));
        session.accept(waited(6, 10, "bbb", 2, 3));
        assertThat(holder(range(0, 2)).doing()).isEqualTo(Doing.SLEEPS);
    }

    /** A worker gives the lock back just when another asks for it, and then sleeps; that one waits for somebody else. */
    @Test
    void aSleepThatBeginsAMomentLaterIsMadeWithoutTheLockUnlessItIsInTheMethodThatTakesIt() {
        Frame paces = new Frame("com.acme.Worker", "pause", "()V", "Worker.java", 60, 5);
        session.accept(sleep(1.65005, 450, List.of(paces)));
        session.accept(owned(1.6));
        session.accept(sleep(3.65005, 450, List.of(paces, PUT.frames().get(0))));
        session.accept(owned(3.6));
        session.accept(sleep(5.65005, 451, List.of(paces)));
        session.accept(owned(5.6));

        assertThat(holder(range(0, 2)).doing()).isEqualTo(Doing.UNKNOWN);
        assertThat(holder(range(3, 4)).doing()).isEqualTo(Doing.SLEEPS);
        assertThat(holder(range(5, 6)).doing()).isEqualTo(Doing.SLEEPS);
    }

    /** All wait for the one that sleeps; then they get the lock from each other, a moment later each. */
    @Test
    void theOwnerIsWhoMadeThemWaitNotWhoHadItForAMomentBetween() {
        Frame puts = PUT.frames().get(0);
        session.accept(sleep(1.5, 400, List.of(puts)));
        session.accept(waited(1.5, 400, "aaa", 1, 9));
        session.accept(waited(1.501, 400, "aaa", 2, 1));
        session.accept(waited(1.502, 400, "aaa", 3, 2));

        assertThat(session.locks(range(0, 2)).get(0).owners())
                .extracting(LockWindow.Part::thread, LockWindow.Part::waits)
                .containsExactly(tuple(thread(9), 3L));
    }

    @Test
    void whatAHolderItselfWaitedForWhileHoldingExplainsTheWait() {
        Frame hands = new Frame("com.acme.Cache", "handOver", "()V", "Cache.java", 80, 5);
        session.accept(waited(1, 10, "aaa", 9, 8));
        session.accept(new Fact.WaitEnded(
                at(1.39),
                Duration.ofMillis(380),
                WaitKind.QUEUE_PUT,
                new LockRef("java.util.concurrent.SynchronousQueue", "eee"),
                thread(9),
                null,
                null,
                new Stack(List.of(hands)),
                1,
                true,
                true));
        session.accept(waited(1.4, 400, "aaa", 1, 9));

        assertThat(holder(range(0, 2)).doing()).isEqualTo(Doing.WAITS_FOR_QUEUE);
        assertThat(holder(range(0, 2)).stack().frames()).containsExactly(hands);
    }

    @Test
    void whatAHolderDidInEachOfManyTurnsExplainsTheWaitOfWhoGotNone() {
        Frame loads = new Frame("com.acme.Cache", "load", "()V", "Cache.java", 60, 5);
        Frame pauses = new Frame("com.acme.Loop", "run", "()V", "Loop.java", 12, 5);
        Frame puts = PUT.frames().get(0);
        for (int second = 1; second <= 3; second += 2) {
            List<Frame> stack = second == 1 ? List.of(loads, puts) : List.of(pauses);
            session.accept(waited(second, 10, "aaa", 9, 8));
            for (int i = 1; i <= 20; i++) {
                session.accept(sleep(second + 0.1 + 0.02 * i, 18, stack));
            }
            session.accept(waited(second + 0.5, 380, "aaa", 1, 9));
        }

        assertThat(holder(range(0, 2)).doing()).isEqualTo(Doing.SLEEPS);
        assertThat(holder(range(0, 2)).share()).isBetween(0.85, 0.95);
        assertThat(holder(range(3, 5)).doing()).isEqualTo(Doing.UNKNOWN);
    }

    @Test
    void whoCannotHoldTheMonitorIsNotSaidToSleepWithIt() {
        Stack pauses = new Stack(List.of(new Frame("com.acme.Loop", "run", "()V", "Loop.java", 12, 5)));
        Session knows = cannotHoldAt(pauses);
        for (Session each : List.of(session, knows)) {
            each.accept(sleep(1.6, 500, pauses.frames()));
            each.accept(waited(1.6, 400, "aaa", 1, 9));
        }

        assertThat(holder(session, range(0, 2)).doing()).isEqualTo(Doing.SLEEPS);
        assertThat(holder(knows, range(0, 2)).doing()).isEqualTo(Doing.UNKNOWN);
    }

    @Test
    void whatAThreadDidWhenItHadALockGoesBeforeWhatItDidJustBefore() {
        Frame pauses = new Frame("com.acme.Loop", "run", "()V", "Loop.java", 12, 5);
        session.accept(sleep(1.5, 2, List.of(pauses)));
        assertThat(session.doing(thread(9), at(1.499)).site()).contains(pauses);

        session.accept(new Fact.StackSeen(
                at(1.52), thread(9), "owner", new LockRef("com.acme.Cache", "aaa"), "RUNNABLE", PUT));

        assertThat(session.doing(thread(9), at(1.499)).stack()).isEqualTo(PUT);
    }

    @Test
    void anOwnerIsNotSaidToDoWhatItDoesAfterGivingTheLockBack() {
        Stack pauses = new Stack(List.of(new Frame("com.acme.Loop", "run", "()V", "Loop.java", 12, 5)));
        Session knows = cannotHoldAt(pauses);
        for (Session each : List.of(session, knows)) {
            each.accept(sleep(1.6, 500, pauses.frames()));
            each.accept(new Fact.StackSeen(at(2), thread(9), "busy", null, "RUNNABLE", PUT));
        }

        assertThat(session.holding(thread(9), WaitKind.MONITOR, "any", at(1.5)).doing())
                .isEqualTo(Doing.SLEEPS);
        assertThat(knows.holding(thread(9), WaitKind.MONITOR, "any", at(1.5)).stack())
                .isEqualTo(PUT);
        assertThat(knows.doing(thread(9), at(1.5)).doing()).isEqualTo(Doing.SLEEPS);
    }

    /** Owners are read a moment after the waiters: who is told as one may wait for the same lock by then. */
    @Test
    void aHolderIsNotSaidToWaitForWhatItHolds() {
        session.accept(wanted(1.5));
        session.accept(waited(1.9, 500, "aaa", 1, 9));
        session.accept(waited(2, 900, "aaa", 9, 8));
        session.accept(wanted(3.5));
        session.accept(waited(3.9, 500, "bbb", 1, 9));
        session.accept(waited(4, 900, "ccc", 9, 8));

        assertThat(session.holding(thread(9), WaitKind.MONITOR, "any", at(1.5)).doing())
                .isEqualTo(Doing.UNKNOWN);
        assertThat(session.holding(thread(9), WaitKind.MONITOR, "any", at(3.5)).doing())
                .isEqualTo(Doing.WAITS_FOR_LOCK);
    }

    /** The first waits for the ninth. */
    private static Fact wanted(double at) {
        LockRef monitor = new LockRef("com.acme.Cache", "77");
        return new Fact.WaitingNow(
                at(at), (long) at, thread(1), 7, WaitKind.MONITOR, monitor, thread(9), Duration.ofMillis(5), false, 1);
    }

    private static Session cannotHoldAt(Stack stands) {
        LockNaming code = new LockNaming() {
            @Override
            public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
                return Optional.empty();
            }

            @Override
            public boolean mayHold(WaitKind kind, Stack stack, @Nullable Frame taken) {
                return !stack.equals(stands);
            }
        };
        return new Session(code, Limits.DEFAULT);
    }

    /** A wait of 400 ms that began when thread 9 had the lock. */
    /** Of a wait of 40 ms; of each second the holder ran and was queued for so long, in nanoseconds. */
    private Holder holderThatRan(long ran, long queued) {
        for (int second = 0; second < 3; second++) {
            session.accept(states(second + 0.2, Map.of(1L, 'R', 9L, 'R')));
            Fact.OsThread row = new Fact.OsThread(1_009, ran, queued, -1, -1);
            session.accept(new Fact.OsUsage(at(second + 1), Duration.ofSeconds(1), List.of(row), -1, -1));
        }
        session.accept(waited(1.6, 40, "aaa", 1, 9));
        return session.waits(range(0, 3), WaitQuery.heldUp(Duration.ofMillis(10), 1))
                .get(0)
                .holder();
    }

    private static Fact owned(double end) {
        return new Fact.WaitEnded(
                at(end),
                Duration.ofMillis(400),
                WaitKind.LOCK,
                new LockRef("java.util.concurrent.locks.ReentrantLock", "bbb"),
                thread(1),
                thread(9),
                null,
                PUT,
                1,
                true,
                true);
    }

    private static Fact sleep(double end, double millis, List<Frame> frames) {
        return new Fact.Activity(
                at(end),
                Duration.ofNanos((long) (millis * 1e6)),
                thread(9),
                Fact.ActivityKind.SLEEP,
                new Stack(frames),
                null);
    }

    private Holder holder(Range range) {
        return holder(session, range);
    }

    private static Holder holder(Session session, Range range) {
        return session.waits(range, WaitQuery.heldUp(Duration.ofMillis(100), 10)).stream()
                .filter(wait -> wait.waiter().id() == 1)
                .findFirst()
                .orElseThrow()
                .holder();
    }
}
