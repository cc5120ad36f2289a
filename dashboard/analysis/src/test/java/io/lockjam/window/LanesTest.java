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
import static org.assertj.core.api.Assertions.within;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The letter of each thread and second. */
class LanesTest {
    private static final Stack READ = new Stack(List.of(new Frame("sun.nio.ch.Net", "poll", null, null, -1, -1)));

    private static final Stack SELECT = stack("sun.nio.ch.EPoll wait", "io.acme.Loop run");
    private static final Stack JOIN = stack("java.util.concurrent.CompletableFuture get", "com.acme.Shop price");
    private static final Stack SEND = stack(
            "java.util.concurrent.CompletableFuture get",
            "jdk.internal.net.http.HttpClientImpl send",
            "com.acme.Shop price");

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void lanesTakeTheWorstStateAndSmallLettersForShortOnes() {
        session.accept(states(0, Map.of(1L, 'R', 2L, 'R')));
        session.accept(states(1, Map.of(1L, 'R', 2L, 'W')));
        session.accept(waited(0.9, 50, "aaa", 1, 9));
        session.accept(waited(1.9, 800, "aaa", 1, 9));

        assertThat(session.lanes(range(0, 2)).rows())
                .filteredOn(lane -> lane.thread().id() == 1)
                .extracting(Lanes.Lane::states)
                .containsExactly("bB");
        assertThat(session.states(range(0, 2)))
                .extracting(States::virtualThreads)
                .containsExactly(3L, 3L);
    }

    /** A pool worker that waits for a lock a twentieth of its time does not run for the rest. */
    @Test
    void whoIsHeldUpForALittleAndIdleForTheRestIsCountedAsIdle() {
        session.accept(states(0, Map.of(1L, 'W', 2L, 'R')));
        session.accept(waited(0.8, 50, "aaa", 1, 9));
        session.accept(waited(0.9, 50, "aaa", 2, 9));

        assertThat(session.lanes(range(0, 1)).rows())
                .extracting(lane -> lane.thread().id() + " " + lane.states())
                .containsExactlyInAnyOrder("1 m", "2 b");
        assertThat(session.states(range(0, 1)))
                .extracting(States::running, States::idle, States::monitor)
                .containsExactly(tuple(1, 1, 0));
    }

    @Test
    void aThreadOfWhichNoStackWasTakenIsAsleepIfItSlept() {
        session.accept(states(1.1, Map.of(1L, 'C', 2L, 'C')));
        session.accept(new Fact.Activity(
                at(2.1), Duration.ofMillis(400), thread(1), Fact.ActivityKind.SLEEP, Given.PUT, null));
        session.accept(states(3.1, Map.of(1L, 'C', 2L, 'C')));

        assertThat(session.lanes(range(1, 7)).rows())
                .extracting(lane -> lane.thread().id() + " " + lane.states())
                .as("the sleep lay in seconds 1 and 2, and is told of a little late")
                .containsExactlyInAnyOrder("1 SSSSWW", "2 WWWWWW");
    }

    @Test
    void whoWasHeldUpForMostOfTheLastSecondIs() {
        session.accept(states(1, Map.of(1L, 'R', 2L, 'R')));
        session.accept(waited(1.9, 800, "aaa", 1, 9));
        session.accept(waited(1.9, 300, "aaa", 2, 9));

        assertThat(session.threads(range(1, 2)))
                .extracting(thread -> thread.thread().id() + " " + thread.state())
                .containsExactlyInAnyOrder("1 B", "2 R");
    }

    @Test
    void whoReadsASocketIsInIoAndNotRunning() {
        session.accept(states(1, Map.of(1L, 'R', 2L, 'R', 3L, 'R')));
        session.accept(activity(1.7, 600, thread(1), Fact.ActivityKind.SOCKET_READ, READ));
        session.accept(activity(1.8, 20, thread(2), Fact.ActivityKind.NATIVE, READ)); // it goes on
        session.accept(activity(1.8, 20, thread(3), Fact.ActivityKind.NATIVE, PUT));

        assertThat(session.lanes(range(1, 2)).rows())
                .extracting(lane -> lane.thread().id() + " " + lane.states())
                .containsExactlyInAnyOrder("1 I", "2 I", "3 R");
    }

    /** The JVM takes a loop for running while it waits for events. */
    @Test
    void aLoopThatWaitsOrSleepsForMostOfTheSecondDoesNotRun() {
        session.accept(states(1, Map.of(1L, 'R', 2L, 'R', 3L, 'R')));
        session.accept(activity(1.7, 600, thread(1), Fact.ActivityKind.SLEEP, PUT));
        for (int loop : List.of(1, 2, 3)) {
            session.accept(activity(1.8, 20, thread(loop), Fact.ActivityKind.NATIVE, SELECT));
        }
        session.accept(
                new Fact.OsUsage(at(2), Duration.ofSeconds(1), List.of(ran(1, 20), ran(2, 20), ran(3, 400)), -1, -1));

        assertThat(session.lanes(range(1, 2)).rows())
                .extracting(lane -> lane.thread().id() + " " + lane.states())
                .containsExactlyInAnyOrder("1 S", "2 W", "3 R");
    }

    /** A carrier does nothing of its own while a virtual thread keeps it. */
    @Test
    void aCarrierDoesWhatTheThreadThatKeepsItDoes() {
        ThreadRef pinned = new ThreadRef(77, "", true, -1);
        Stack sleep = stack("java.lang.Thread sleep", "com.acme.Tariff <clinit>");
        session.accept(states(1, Map.of(1L, 'R')));
        session.accept(new Fact.Activity(
                at(1.9),
                Duration.ofMillis(800),
                pinned,
                Fact.ActivityKind.PINNED,
                sleep,
                "VM call to com.acme.Tariff.<clinit> on stack",
                thread(1)));
        session.accept(new Fact.OsUsage(at(2), Duration.ofSeconds(1), List.of(ran(1, 20)), -1, -1));

        assertThat(session.lanes(range(1, 2)).rows())
                .extracting(Lanes.Lane::states)
                .containsExactly("S");
        assertThat(session.account(range(1, 2)).share(Account.Part.ASLEEP)).isEqualTo(0.8, within(0.01));
    }

    private static Fact.OsThread ran(long thread, long millis) {
        return new Fact.OsThread(1_000 + thread, millis * 1_000_000, 0, -1, -1);
    }

    /** The JDK's client waits for a future of its own; what keeps the thread is the other side. */
    @Test
    void whoWaitsForTheAnswerToARequestIsInIo() {
        LockRef first = new LockRef("java.util.concurrent.CompletableFuture", "1");
        LockRef second = new LockRef("java.util.concurrent.CompletableFuture", "2");
        session.accept(states(0, Map.of(1L, 'C', 2L, 'C')));
        session.accept(future(0.9, 1, first, SEND));
        session.accept(future(0.9, 2, first, JOIN));
        session.accept(states(1, Map.of(1L, 'C', 2L, 'C')));
        session.accept(waitingFor(1, 1, second));
        session.accept(waitingFor(1, 2, second));

        assertThat(session.lanes(range(1, 2)).rows())
                .extracting(lane -> lane.thread().id() + " " + lane.states())
                .containsExactlyInAnyOrder("1 I", "2 L");
        assertThat(session.account(range(0, 1)).share(Account.Part.IO)).isEqualTo(0.5, within(0.01));
    }

    @Test
    void whoComputesBetweenReadsIsRunning() {
        session.accept(states(1, Map.of(1L, 'R')));
        session.accept(activity(1.8, 20, thread(1), Fact.ActivityKind.NATIVE, READ));
        session.accept(new Fact.OsUsage(
                at(2), Duration.ofSeconds(1), List.of(new Fact.OsThread(1_001, 700_000_000, 0, -1, -1)), -1, -1));

        assertThat(session.lanes(range(1, 2)).rows())
                .extracting(Lanes.Lane::states)
                .containsExactly("R");
    }

    private static Fact activity(double end, double millis, ThreadRef who, Fact.ActivityKind kind, Stack stack) {
        return new Fact.Activity(at(end), Duration.ofNanos((long) (millis * 1e6)), who, kind, stack, null);
    }

    private static Stack stack(String... frames) {
        return new Stack(Stream.of(frames)
                .map(each -> each.split(" "))
                .map(each -> new Frame(each[0], each[1], null, null, -1, -1))
                .toList());
    }

    private static Fact future(double end, int waiter, LockRef lock, Stack stack) {
        return new Fact.WaitEnded(
                at(end),
                Duration.ofMillis(800),
                WaitKind.FUTURE,
                lock,
                thread(waiter),
                null,
                null,
                stack,
                1,
                true,
                true);
    }

    private static Fact waitingFor(double at, int waiter, LockRef lock) {
        return new Fact.WaitingNow(
                at(at), 7, thread(waiter), waiter, WaitKind.FUTURE, lock, null, Duration.ofMillis(20), false, 1);
    }
}
