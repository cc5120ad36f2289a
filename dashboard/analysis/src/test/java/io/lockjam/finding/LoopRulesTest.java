// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loops that were held up, and those that were not. */
class LoopRulesTest {
    private static final Stack PARSING = Story.stack("com.acme.Json.parse", "com.acme.Handler.read");

    @Test
    void longComputingOnALoopIsTold() {
        Story story = turns(9, 60, 600, 10);
        story.did(5.1, 20, "acme-io", Fact.ActivityKind.RUNNING, PARSING);

        Finding found = story.check(0, 10).found().get(0);
        assertThat(found.kind().id()).isEqualTo("event-loop-blocked");
        assertThat(found.details().text().what()).contains("acme-io is busy for 60 ms at Json.parse");
        assertThat(found.details().evidence())
                .containsEntry("holdUps", 9)
                .containsEntry("turnsByMillis", List.of("from 50 ms: 9"));
    }

    @Test
    void aLoopThatLostItsCoreIsNotBlocked() {
        assertThat(turns(9, 60, 50, 950).kinds(0, 10)).doesNotContain("event-loop-blocked");
    }

    @Test
    void oneLongTurnIsAStart() {
        assertThat(turns(1, 300, 600, 10).kinds(0, 10)).isEmpty();
    }

    @Test
    void theCallThatTakesTheTurnIsNamed() {
        Story story = turns(3, 90, 10, 0);
        String bridge = "com.acme.Handler.pause"; // of a method with a narrower argument
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Handler.pause", bridge, "com.acme.Echo.read");
        for (int i = 0; i < 3; i++) {
            story.did(i + 0.5, 80, "acme-io", Fact.ActivityKind.SLEEP, sleep);
        }

        List<Finding> found = story.check(0, 10).found();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).details().text().what())
                .contains("sleeps")
                .contains("Handler.pause")
                .contains(", called from Echo.read(");
    }

    @Test
    void aLoopThatHasNotComeBackFromAWaitIsTold() {
        LockRef result = new LockRef("java.util.concurrent.CompletableFuture", "0");
        Stack waits = Story.stack("java.util.concurrent.CompletableFuture.join", "com.acme.Handler.read");
        for (int seconds : new int[] {1, 9}) {
            Story story = new Story();
            for (int second = 10 - seconds; second <= 10; second++) {
                double soFar = second - 10 + seconds;
                story.waitingNow(second, "nioEventLoopGroup-2-1", 1, WaitKind.FUTURE, result, null, soFar, false);
                story.states(second, Map.of("nioEventLoopGroup-2-1", 'W'));
                story.waits(second, "nioEventLoopGroup-2-1", result, "WAITING", waits);
            }
            List<Finding> found = story.check(0, 10.5).found();
            if (seconds == 1) {
                assertThat(found).isEmpty();
            } else {
                assertThat(found).extracting(Finding::kind).containsExactly(Kind.EVENT_LOOP_BLOCKED);
                assertThat(found.get(0).title())
                        .startsWith("The event loop nioEventLoopGroup-2-1 waits for CompletableFuture")
                        .contains(" for 9 s so far at Handler.read(");
            }
        }
    }

    @Test
    void aLoopThatStandsInOneCallIsTold() {
        Stack read =
                Story.stack("java.net.Socket$SocketInputStream.read", "com.acme.Handler.read", "io.netty.Loop.run");
        Stack own = Story.stack("java.net.Socket$SocketInputStream.read", "io.netty.channel.oio.OioLoop.run");
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Handler.read", "io.netty.Loop.run");
        for (Stack stack : List.of(read, own, sleep)) {
            Story story = new Story();
            for (int i = 0; i < 10; i++) {
                String name = "nioEventLoopGroup-2-1";
                story.states(i + 0.5, Map.of(name, stack.equals(sleep) ? 'S' : 'I'));
                story.seen(i + 0.6, name, "stands", stack.equals(sleep) ? "TIMED_WAITING" : "RUNNABLE", stack);
                story.tell(new Fact.OsUsage(
                        Story.at(i + 1),
                        Duration.ofSeconds(1),
                        List.of(new Fact.OsThread(Story.thread(name).osId(), 0, 0, 0, 0)),
                        -1,
                        -1));
            }
            List<Finding> found = story.check(0, 10).found();
            if (stack.equals(own)) {
                assertThat(found).isEmpty();
            } else {
                assertThat(found).hasSize(1);
                assertThat(found.get(0).title())
                        .startsWith("The event loop nioEventLoopGroup-2-1 "
                                + (stack.equals(sleep) ? "sleeps" : "reads a socket") + " for ")
                        .contains(" so far at Handler.read(");
            }
        }
    }

    @Test
    void readsOfChannelsThatNeverWaitHoldNobodyUp() {
        Story story = turns(3, 30, 10, 0);
        Stack read = Story.stack("sun.nio.ch.SocketChannelImpl.read", "com.acme.Loop.readAll");
        Stack filtered =
                Story.stack("io.netty.channel.socket.nio.NioSocketChannel.doWrite", "io.netty.channel.Loop.run");
        for (int i = 0; i < 8; i++) {
            story.did(i + 0.5, 60, "acme-io", Fact.ActivityKind.SOCKET_READ, read);
            story.did(i + 0.9, 60, "acme-io", Fact.ActivityKind.SOCKET_WRITE, filtered);
        }
        assertThat(story.kinds(0, 10)).isEmpty();

        Stack query = Story.stack("com.acme.Rows.read", "io.netty.channel.Loop.run");
        story.did(9.5, 60, "acme-io", Fact.ActivityKind.SOCKET_READ, query);
        assertThat(story.kinds(0, 10)).containsExactly("event-loop-blocked");
    }

    @Test
    void aSleepOfAMomentThatEndsLateIsTheMachines() {
        Story story = turns(3, 90, 10, 0);
        Stack probed = Story.stack("com.acme.Handler.read");
        for (int i = 0; i < 3; i++) {
            story.tell(new Fact.Activity(
                    Story.at(i + 0.5),
                    Story.millis(80),
                    Story.thread("acme-io"),
                    Fact.ActivityKind.SLEEP,
                    probed,
                    "asked for 1 ms"));
        }
        assertThat(story.kinds(0, 10)).isEmpty();
    }

    /** Since JDK 24 the stack of a read or write begins with the code that called the channel, or the stream. */
    @Test
    void aSlowWriteWithoutItsFramesHoldsTheLoopUpIfTheThreadDidNotWantACore() {
        Stack write = Story.stack("com.acme.Loop.writeAll");
        Story busyMachine = turns(3, 30, 100, 400);
        Story slowPeer = turns(3, 30, 10, 0);
        for (int i = 0; i < 8; i++) {
            busyMachine.did(i + 0.5, 60, "acme-io", Fact.ActivityKind.SOCKET_WRITE, write);
            slowPeer.did(i + 0.5, 60, "acme-io", Fact.ActivityKind.SOCKET_WRITE, write);
        }

        assertThat(busyMachine.kinds(0, 10)).isEmpty();
        assertThat(slowPeer.kinds(0, 10)).containsExactly("event-loop-blocked");
    }

    @Test
    void aTurnThatNobodySawIsLeftOutBesideOneThatWasSeen() {
        Story unseen = turns(3, 90, 600, 0);
        List<Finding> alone = unseen.check(0, 10).found();
        assertThat(alone).hasSize(1);
        assertThat(alone.get(0).details().text().change())
                .isEqualTo("Find what it does meanwhile, of which no sample was taken, and do that on a worker thread"
                        + " and come back to the loop with the answer.");

        Story seen = turns(3, 90, 600, 0);
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Handler.pause");
        for (int i = 5; i < 9; i++) {
            seen.did(i + 0.5, 80, "acme-io", Fact.ActivityKind.SLEEP, sleep);
        }
        List<Finding> found = seen.check(0, 10).found();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).details().text().what()).contains("Handler.pause");
    }

    @Test
    void aLockWhoseHolderHadNoCoreIsTheMachines() {
        Stack lock = Story.stack("com.acme.Cache.get", "com.acme.Loop.read");
        for (long queued : new long[] {0, 900}) {
            Story story = turns(1, 10, 100, 0);
            for (int i = 1; i < 9; i++) {
                story.tell(new Fact.OsUsage(
                        Story.at(i + 1),
                        Duration.ofSeconds(1),
                        List.of(new Fact.OsThread(Story.thread("owner").osId(), 50_000_000, queued * 1_000_000, 1, 1)),
                        -1,
                        -1));
                story.wait(i + 0.5, 80, WaitKind.MONITOR, Story.MONITOR, "acme-io", "owner", null, lock, true);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(queued == 0);
        }
    }

    @Test
    void whoOnlyCallsALibraryThatSelectsHoldsNobodyUp() {
        String poll = "org.apache.kafka.clients.consumer.KafkaConsumer.poll";
        Stack select = Story.stack(
                "sun.nio.ch.SelectorImpl.select",
                "org.apache.kafka.common.network.Selector.select",
                poll,
                "com.acme.Poller.run");
        Stack between = Story.stack("java.lang.Thread.sleep", "com.acme.Store.save", "com.acme.Poller.run");
        Stack calledBack =
                Story.stack("java.lang.Thread.sleep", "com.acme.Listener.assigned", poll, "com.acme.Poller.run");
        for (Stack sleep : List.of(between, calledBack)) {
            Story story = turns(9, 90, 10, 0);
            for (int i = 0; i < 9; i++) {
                story.seen(i + 0.2, "acme-io", "waiter", "RUNNABLE", select);
                story.did(i + 0.5, 80, "acme-io", Fact.ActivityKind.SLEEP, sleep);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(sleep.equals(calledBack));
        }
    }

    @Test
    void aThreadThatSelectsAndWaitsForItsTimeByTurnsIsNotBusyMeanwhile() {
        Stack pause = Story.stack("java.lang.Object.wait", "org.apache.kafka.Heartbeat.run");
        Story story = turns(9, 90, 10, 0);
        for (int i = 0; i < 9; i++) {
            story.wait(i + 0.5, 85, WaitKind.OBJECT_WAIT, Story.MONITOR, "acme-io", null, null, pause, true);
        }
        assertThat(story.kinds(0, 10)).isEmpty();
        assertThat(turns(9, 90, 10, 0).kinds(0, 10)).containsExactly("event-loop-blocked");
    }

    @Test
    void aLockThatALibraryTakesInItsOwnLoopIsNotForItsUserToMove() {
        Stack inside = Story.stack("io.netty.util.concurrent.DefaultPromise.addListener", "io.netty.channel.Loop.run");
        Stack handler =
                Story.stack("ch.qos.logback.core.Appender.append", "com.acme.Handler.read", "io.netty.Loop.run");
        for (Stack lock : List.of(inside, handler)) {
            Story story = turns(1, 10, 100, 0);
            for (int i = 1; i < 9; i++) {
                story.wait(i + 0.5, 80, WaitKind.MONITOR, Story.MONITOR, "acme-io", "owner", null, lock, true);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(lock.equals(handler));
        }
    }

    @Test
    void theTimeOfSeveralLoopsIsShared() {
        Story story = turns(1, 10, 100, 0);
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Handler.pause");
        for (int i = 0; i < 10; i++) {
            for (int loop = 1; loop <= 3; loop++) {
                story.states(i + 0.1, Map.of("acme-eventloop-" + loop, 'W'));
                story.did(i + 0.9, 500, "acme-eventloop-" + loop, Fact.ActivityKind.SLEEP, sleep);
            }
        }
        Finding found = story.check(0, 10).found().get(0);
        assertThat(found.details().text().cost())
                .isEqualTo("50 % of the time of these 3 event loops is lost, 15 s in 10 s.");
        assertThat(found.impact().threads()).isEqualTo(3);
    }

    @Test
    void aWorkerOfAPoolThatSelectsInsideATaskIsNoLoop() {
        Stack select = Story.stack("sun.nio.ch.SelectorImpl.select", "com.acme.Connector.write");
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Handler.pause");
        for (boolean worker : List.of(true, false)) {
            Story story = new Story();
            for (int i = 0; i < 10; i++) {
                story.pool(i + 0.5, Map.of("size", 8, "busy", 3));
                story.seen(i + 0.2, worker ? "worker-1" : "acme-io", "waiter", "RUNNABLE", select);
                story.did(i + 0.6, 80, worker ? "worker-1" : "acme-io", Fact.ActivityKind.SLEEP, sleep);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(!worker);
        }
    }

    @Test
    void whoWakesASelectorIsNoLoop() {
        Stack select = Story.stack("sun.nio.ch.EPollSelectorImpl.doSelect", "com.acme.Loop.run");
        Stack wakeup = Story.stack("sun.nio.ch.EPollSelectorImpl.wakeup", "com.acme.Handler.answer");
        Stack write = Story.stack("java.io.FileOutputStream.write", "com.acme.Handler.log");
        for (Stack seen : List.of(select, wakeup)) {
            Story story = new Story();
            for (int i = 0; i < 10; i++) {
                story.seen(i + 0.2, "handler", "waiter", "RUNNABLE", seen);
                story.did(i + 0.6, 80, "handler", Fact.ActivityKind.FILE_WRITE, write);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(seen.equals(select));
        }
    }

    @Test
    void theSelectorsOwnLockHoldsNobodyUp() {
        Stack select = Story.stack("sun.nio.ch.SelectorImpl.lockAndDoSelect", "com.acme.Loop.select");
        Stack work = Story.stack("com.acme.Cache.get", "com.acme.Loop.read");
        assertThat(waiting(select).kinds(0, 10)).doesNotContain("event-loop-blocked");
        assertThat(waiting(work).kinds(0, 10)).contains("event-loop-blocked");
    }

    private static Story waiting(Stack stack) {
        Story story = turns(0, 0, 10, 0);
        for (int i = 0; i < 8; i++) {
            story.tell(new Fact.LoopTurn(Story.at(i + 0.3), Story.millis(25), Story.thread("acme-io"), 100));
            story.wait(i + 0.5, 60, WaitKind.MONITOR, Story.MONITOR, "acme-io", "waker", null, stack, true);
        }
        return story;
    }

    @Test
    void aThreadThatAlsoWaitsForWorkElsewhereIsNoLoop() {
        Story story = turns(9, 60, 600, 10);
        story.did(5.1, 20, "acme-io", Fact.ActivityKind.RUNNING, PARSING);
        assertThat(story.kinds(0, 10)).contains("event-loop-blocked");

        Stack jetty = Story.stack(
                "org.eclipse.jetty.util.BlockingArrayQueue.poll",
                "org.eclipse.jetty.util.thread.QueuedThreadPool$Runner.idleJobPoll");
        story.wait(8, 900, WaitKind.CONDITION, Story.OTHER, "acme-io", null, null, jetty, true);
        assertThat(story.kinds(0, 10)).doesNotContain("event-loop-blocked");
    }

    @Test
    void theOnlyWorkerOfAForkJoinPoolIsNoLoop() {
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Job.compute");
        for (String type : List.of("threads", "fork-join")) {
            Story story = new Story();
            for (int i = 0; i < 10; i++) {
                story.tell(
                        PoolFigures.of(Map.of("size", 1, "busy", 1)).type(type).at(i + 0.5));
                story.states(i + 0.1, Map.of("worker-1", 'S'));
                story.did(i + 0.6, 80, "worker-1", Fact.ActivityKind.SLEEP, sleep);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(type.equals("threads"));
        }
    }

    /** A loop with a long turn in each of the first seconds, and what it ran and waited for a core in each. */
    @Test
    void aMomentAtAQueueMakesNoWorkerOfALoop() {
        Stack sleep = Story.stack("java.lang.Thread.sleep", "com.acme.Handler.pause");
        Stack take = Story.stack("java.util.concurrent.ThreadPoolExecutor.getTask");
        for (double idle : new double[] {0.02, 700}) {
            Story story = turns(9, 90, 10, 0);
            story.wait(3.2, idle, WaitKind.QUEUE_TAKE, Story.OTHER, "acme-io", null, null, take, true);
            for (int i = 0; i < 3; i++) {
                story.did(i + 0.5, 80, "acme-io", Fact.ActivityKind.SLEEP, sleep);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(idle < 1);
        }
    }

    @Test
    void theAdviceFitsWhoRunsWhatAPoolRefused() {
        Story story = turns(3, 90, 10, 0);
        Stack sleep = Story.stack(
                "java.lang.Thread.sleep",
                "com.acme.Render.page",
                "java.util.concurrent.ThreadPoolExecutor$CallerRunsPolicy.rejectedExecution");
        for (int i = 0; i < 3; i++) {
            story.did(i + 0.5, 80, "acme-io", Fact.ActivityKind.SLEEP, sleep);
        }
        assertThat(story.check(0, 10).found().get(0).text().change()).startsWith("A pool refused this task");
    }

    /** Netty's promises are waited for by notify. */
    /** The timer's own sleep until the next tick is its rest. */
    @Test
    void aFinalizerThatSleepsKeepsMemoryFromBeingFreed() {
        Story story = new Story();
        Stack sleep = Story.stack(
                "java.lang.Thread.sleep", "com.acme.Res.finalize", "java.lang.ref.Finalizer$FinalizerThread.run");
        for (int i = 0; i < 5; i++) {
            story.states(i + 0.1, Map.of("Finalizer", 'S'));
            story.did(i + 0.9, 500, "Finalizer", Fact.ActivityKind.SLEEP, sleep);
        }
        Text text = story.check(0, 6).found().get(0).text();
        assertThat(text.what())
                .startsWith("The cleaning thread Finalizer sleeps")
                .contains("memory is not freed");
        assertThat(text.change()).contains("in close()");
    }

    private static Story turns(int count, double millis, long ranMillis, long queuedMillis) {
        Story story = new Story();
        for (int i = 0; i < 10; i++) {
            story.states(i + 0.1, Map.of("acme-io", 'W'));
            story.tell(new Fact.OsUsage(
                    Story.at(i + 1),
                    Duration.ofSeconds(1),
                    List.of(new Fact.OsThread(
                            Story.thread("acme-io").osId(), ranMillis * 1_000_000, queuedMillis * 1_000_000, 1, 1)),
                    -1,
                    -1));
            if (i < count) {
                story.tell(new Fact.LoopTurn(Story.at(i + 0.5), Story.millis(millis), Story.thread("acme-io"), 100));
            }
        }
        return story;
    }
}
