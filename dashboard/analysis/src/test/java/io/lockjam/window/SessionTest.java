// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.START;
import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static io.lockjam.window.Given.states;
import static io.lockjam.window.Given.thread;
import static io.lockjam.window.Given.waited;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionTest {

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void oneMonitorAtTwoAddressesIsOneRow() {
        session.accept(waited(1, 10, "aaa", 1, 2));
        session.accept(waited(2, 10, "bbb", 1, 2));

        assertThat(session.locks(range(0, 3))).singleElement().satisfies(lock -> {
            assertThat(lock.contentions()).isEqualTo(2);
            assertThat(lock.objects()).isEqualTo(1);
            assertThat(lock.waitTotal()).isEqualTo(Duration.ofMillis(20));
        });
    }

    @Test
    void monitorsWaitedForAtTheSameMomentAreDifferentObjects() {
        session.accept(waited(1, 500, "aaa", 1, 2));
        session.accept(waited(1.1, 500, "bbb", 3, 2));

        assertThat(session.locks(range(0, 3)))
                .singleElement()
                .satisfies(lock -> assertThat(lock.objects()).isEqualTo(2));
    }

    @Test
    void aNameThatTheRecordingTellsAfterTheWaitIsUsed() {
        Set<String> told = new HashSet<>();
        Session late = new Session(
                new LockNaming() {
                    @Override
                    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
                        return told.stream().findFirst();
                    }

                    @Override
                    public void learn(Fact.Named named) {
                        told.add(named.name());
                    }
                },
                Limits.DEFAULT);
        late.accept(waited(1, 10, "aaa", 1, 2));
        assertThat(late.locks(range(0, 2)).get(0).name()).isNotEqualTo("com.acme.Cache.lock");

        late.accept(new Fact.Named(at(2), "com.acme.Cache.put()V:42", "com.acme.Cache.lock"));

        assertThat(late.locks(range(0, 2)).get(0).name()).isEqualTo("com.acme.Cache.lock");
    }

    @Test
    void waitsHaveTheLinesThatOnlyTheCodeTells() {
        Stack found = new Stack(List.of(new Frame("com.acme.Cache", "put", "()V", "Cache.java", 40, -1)));
        Session told = new Session(
                new LockNaming() {
                    @Override
                    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
                        return Optional.empty();
                    }

                    @Override
                    public Stack withLines(Stack stack) {
                        return found;
                    }
                },
                Limits.DEFAULT);
        told.accept(waited(1, 10, "aaa", 1, 2));

        assertThat(told.locks(range(0, 2)).get(0).sites().get(0).stack()).isEqualTo(found);
    }

    @Test
    void anotherSiteMayKnowALocksNameBetter() {
        Session told = new Session(
                new LockNaming() {
                    @Override
                    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
                        return Optional.of(
                                stack.site().map(Frame::line).orElse(-1) == 7
                                        ? "Trip.flight"
                                        : "Trip.flight or Trip.hotel");
                    }

                    @Override
                    public boolean leavesOpen(String name) {
                        return name.contains(" or ");
                    }
                },
                Limits.DEFAULT);
        for (int line : new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 7}) {
            Frame site = new Frame("com.acme.Trip", "book", "()V", "Trip.java", line, -1);
            told.accept(new Fact.WaitEnded(
                    at(1),
                    Duration.ofMillis(1),
                    WaitKind.LOCK,
                    new LockRef("java.util.concurrent.locks.ReentrantLock", "1"),
                    thread(1),
                    null,
                    null,
                    new Stack(List.of(site)),
                    1,
                    true,
                    true));
        }

        assertThat(told.locks(range(0, 12)).get(0).name()).isEqualTo("Trip.flight");
    }

    @Test
    void sitesAndBlameAddUpToTheExactTotal() {
        for (int i = 0; i < 1_000; i++) {
            session.accept(waited(1 + i * 0.0005, 1 + i % 7, "aaa", i % 5, 9));
        }
        session.accept(states(2, Map.of(1L, 'R'))); // what is over takes no more than its room
        LockWindow lock = session.locks(range(0, 3)).get(0);

        assertThat(lock.contentions()).isEqualTo(1_000);
        assertThat(lock.sampledWaits()).isEqualTo(Limits.DEFAULT.waitsPerSecond());
        assertThat(sum(lock.sites().stream().map(LockWindow.SiteShare::waited).toList()))
                .isCloseTo(lock.waitTotal(), Duration.ofMillis(1));
        assertThat(sum(lock.blame().stream().map(LockWindow.Blame::waited).toList()))
                .isCloseTo(lock.waitTotal(), Duration.ofMillis(1));
        assertThat(session.cost(range(0, 3)).droppedHere()).isEqualTo(800);
    }

    private static Duration sum(List<Duration> parts) {
        return parts.stream().reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void theAccountAddsUp() {
        session.accept(waited(0.1, 1, "aaa", 1, 9)); // tells the thread's number at the operating system
        for (int second = 0; second < 10; second++) {
            session.accept(states(second + 0.2, Map.of(1L, second % 2 == 0 ? 'R' : 'S')));
            session.accept(new Fact.OsUsage(
                    at(second + 0.5),
                    Duration.ofSeconds(1),
                    List.of(new Fact.OsThread(1_001, 300_000_000, 200_000_000, 10, 5)),
                    -1,
                    -1));
        }
        Account account = session.account(range(0, 10));

        assertThat(account.total()).isEqualTo(10_000_000_000L);
        assertThat(account.share(Account.Part.ON_CORE)).isEqualTo(0.3);
        assertThat(account.share(Account.Part.RUN_QUEUE)).isEqualTo(0.2);
        assertThat(account.share(Account.Part.ASLEEP)).isBetween(0.49, 0.51);
        assertThat(session.threads(range(0, 10)).get(0).voluntarySwitchesPerSecond())
                .isEqualTo(10);
    }

    @Test
    void readingsThatDoNotEndWithASecondCountInFull() {
        session.accept(waited(0.1, 1, "aaa", 1, 9));
        for (int second = 0; second < 12; second++) {
            session.accept(states(second + 0.2, Map.of(1L, 'R')));
        }
        for (int i = 1; i <= 8; i++) { // each of a second and a half
            session.accept(new Fact.OsUsage(
                    at(1.5 * i),
                    Duration.ofMillis(1_500),
                    List.of(new Fact.OsThread(1_001, 600_000_000, 900_000_000, -1, -1)),
                    -1,
                    -1));
        }
        Account account = session.account(range(0, 12));

        assertThat(account.share(Account.Part.ON_CORE)).isBetween(0.39, 0.41);
        assertThat(account.share(Account.Part.RUN_QUEUE)).isBetween(0.59, 0.61);
        assertThat(session.threads(range(0, 12)).get(0).voluntarySwitchesPerSecond())
                .isNaN();
    }

    @Test
    void shortWaitsCountInTheAccountEvenIfTheyAreNotKept() {
        for (int second = 0; second < 4; second++) {
            session.accept(states(second + 0.2, Map.of(1L, 'R')));
            for (int i = 0; i < 900; i++) {
                session.accept(waited(second + (i + 1) / 1_000.0, 1, "aaa", 1, 9));
            }
        }

        assertThat(session.account(range(0, 4)).share(Account.Part.LOCK)).isGreaterThan(0.89);
    }

    @Test
    void aSecondWithoutAnyFactIsUnknown() {
        session.accept(states(0.2, Map.of(1L, 'W')));
        session.accept(states(3.2, Map.of(1L, 'W')));
        Account account = session.account(range(0, 4));

        assertThat(account.share(Account.Part.UNKNOWN)).isEqualTo(0.5);
        assertThat(account.share(Account.Part.IDLE)).isEqualTo(0.5);
    }

    @Test
    void oldSecondsGoAndLateFactsAreCounted() {
        Session small = new Session(LockNaming.NONE, new Limits(10, 5, 5, 5, 100, 100));
        for (int i = 0; i < 60; i++) {
            small.accept(waited(i + 0.5, 10, "aaa", 1, 2));
        }
        small.accept(waited(1.5, 10, "aaa", 1, 2));

        assertThat(small.kept()).isEqualTo(new Range(at(50.5), at(59.5).plusNanos(1)));
        assertThat(small.cost(range(50, 60)).droppedEvents()).isEqualTo(1);
    }

    @Test
    void aFlameGraphLeavesIdleStacksOut() {
        Stack idle =
                new Stack(List.of(new Frame("java.util.concurrent.ThreadPoolExecutor", "getTask", null, null, -1, -1)));
        session.accept(waited(1, 10, "aaa", 1, 2));
        session.accept(new Fact.WaitEnded(
                at(1),
                Duration.ofSeconds(1),
                WaitKind.CONDITION,
                new LockRef("C", "1"),
                thread(3),
                null,
                null,
                idle,
                1,
                true,
                true));

        assertThat(session.flame(range(0, 2), Flame.Mode.WAIT, thread -> true, false, false)
                        .total())
                .isEqualTo(10_000_000);
        assertThat(session.flame(range(0, 2), Flame.Mode.WAIT, thread -> true, true, false)
                        .total())
                .isEqualTo(1_010_000_000);
        assertThat(session.locks(range(0, 2))).hasSize(1);
    }

    @Test
    void whatWorkersWaitForIsNoLock() {
        Stack reserved = new Stack(List.of(
                new Frame("java.util.concurrent.Semaphore", "tryAcquire", null, null, -1, -1),
                new Frame(
                        "org.eclipse.jetty.util.thread.ReservedThreadExecutor$ReservedThread",
                        "waitForTask",
                        null,
                        null,
                        -1,
                        -1)));
        session.accept(new Fact.LockTotals(
                at(1),
                Duration.ofSeconds(1),
                WaitKind.SEMAPHORE,
                new LockRef("java.util.concurrent.Semaphore", "5e"),
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Histogram.EMPTY,
                0,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false));
        for (Stack stack : List.of(reserved, Given.PUT)) {
            session.accept(new Fact.WaitEnded(
                    at(1.2),
                    Duration.ofMillis(300),
                    WaitKind.SEMAPHORE,
                    new LockRef("java.util.concurrent.Semaphore", "5e"),
                    thread(3),
                    null,
                    null,
                    stack,
                    1,
                    false,
                    true));
            assertThat(session.locks(range(0, 2))).hasSize(stack.equals(reserved) ? 0 : 1);
        }
    }

    @Test
    void anEmptySessionAnswersEverything() {
        Range none = session.last(Duration.ofSeconds(60));

        assertThat(session.latest()).isEqualTo(Optional.empty());
        assertThat(session.locks(none)).isEmpty();
        assertThat(session.lanes(none).rows()).isEmpty();
        assertThat(session.threads(none)).isEmpty();
        assertThat(session.account(none).total()).isZero();
        assertThat(session.graph(START).edges()).isEmpty();
        assertThat(session.waits(none, WaitQuery.all(10))).isEmpty();
    }
}
