// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loops of the JDK and of libraries, and waits for their results. */
class LibraryLoopsTest {
    @Test
    void aThreadForEventsOfALibraryIsALoopThoughItWaitsAtAQueue() {
        Stack listener = Story.stack("java.lang.Thread.sleep", "com.acme.Config.changed");
        Stack idle = Story.stack(
                "java.util.concurrent.LinkedBlockingQueue.take", "org.apache.zookeeper.ClientCnxn$EventThread.run");
        for (String name : List.of(
                "main-SendThread(localhost:2181)-EventThread",
                "MQTT Call: shop-1",
                "hz.shop.partition-operation.thread-1",
                "packer-1")) {
            Story story = new Story();
            for (int i = 0; i < 5; i++) {
                story.states(i + 0.1, Map.of(name, 'W'));
                story.wait(i + 0.4, 300, WaitKind.QUEUE_TAKE, Story.OTHER, name, null, null, idle, true);
                story.did(i + 0.9, 200, name, Fact.ActivityKind.SLEEP, listener);
            }
            List<String> expected = name.startsWith("packer") ? List.of() : List.of("event-loop-blocked");
            assertThat(story.kinds(0, 10)).as(name).isEqualTo(expected);
        }
    }

    @Test
    void aLoopOfALibraryThatHasNotComeBackFromAWaitIsOneWhateverItIsCalled() {
        LockRef result = new LockRef("java.util.concurrent.CompletableFuture", "0");
        for (String below : List.of("io.netty.channel.nio.NioEventLoop.run", "com.acme.Crawl.run")) {
            Stack waits = Story.stack("java.util.concurrent.CompletableFuture.join", "com.acme.Page.read", below);
            Story story = new Story();
            for (int second = 1; second <= 10; second++) {
                story.waitingNow(second, "client-1", 1, WaitKind.FUTURE, result, null, second, false);
                story.states(second, Map.of("client-1", 'W', "other", 'S'));
                story.waits(second, "client-1", result, "WAITING", waits);
            }
            boolean loop = below.startsWith("io.netty");
            assertThat(story.kinds(0, 10.5).contains("event-loop-blocked")).isEqualTo(loop);
        }
    }

    @Test
    void aLoopThatALibraryHasForItselfMayPause() {
        Stack select = Story.stack("sun.nio.ch.SelectorImpl.select", "org.apache.kafka.Sender.run");
        for (String caller : List.of("org.apache.kafka.Sender.run", "com.acme.Listener.changed")) {
            Story story = new Story();
            for (int i = 0; i < 9; i++) {
                story.states(i + 0.1, Map.of("sender-1", 'S'));
                story.seen(i + 0.2, "sender-1", "waiter", "RUNNABLE", select);
                story.did(
                        i + 0.5,
                        80,
                        "sender-1",
                        Fact.ActivityKind.SLEEP,
                        Story.stack("java.lang.Thread.sleep", "org.apache.kafka.Utils.sleep", caller));
            }
            boolean called = caller.startsWith("com.acme");
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(called);
        }
    }

    @Test
    void theOnlyThreadOfAChannelGroupIsALoop() {
        Stack sleep = Story.stack(
                "java.lang.Thread.sleep", "com.acme.Echo.completed", "sun.nio.ch.EPollPort$EventHandlerTask.run");
        for (int threads = 1; threads <= 2; threads++) {
            Story story = new Story();
            for (int i = 0; i < 10; i++) {
                String name = "aio-" + i % threads;
                story.states(i + 0.1, Map.of(name, 'S'));
                story.did(i + 0.9, 80, name, Fact.ActivityKind.SLEEP, sleep);
            }
            assertThat(story.kinds(0, 10).contains("event-loop-blocked")).isEqualTo(threads == 1);
        }
    }

    @Test
    void aResultOfALibraryThatIsWaitedForOnALoopHoldsItUp() {
        for (String waits : List.of("io.netty.util.concurrent.DefaultPromise.await", "io.netty.channel.Own.pause")) {
            Story story = new Story();
            Stack stack = Story.stack(
                    "java.lang.Object.wait",
                    waits,
                    "io.netty.util.concurrent.DefaultPromise.get",
                    "com.acme.Echo.read");
            for (int i = 0; i < 10; i++) {
                story.states(i + 0.1, Map.of("nioEventLoopGroup-2-1", 'R'));
                story.wait(
                        i + 0.9,
                        60,
                        WaitKind.OBJECT_WAIT,
                        Story.MONITOR,
                        "nioEventLoopGroup-2-1",
                        null,
                        "other-1",
                        stack,
                        true);
            }

            List<Finding> found = story.check(0, 10).found();
            assertThat(found).hasSize(waits.contains("Promise") ? 1 : 0);
            assertThat(found)
                    .allSatisfy(each -> assertThat(each.text().what())
                            .contains("at DefaultPromise.await(", ", called from Echo.read("));
        }
    }

    @Test
    void aTaskThatSleepsOnAWheelTimerHoldsUpTheOthers() {
        String worker = "io.netty.util.HashedWheelTimer$Worker.run";
        Stack task = Story.stack(
                "java.lang.Thread.sleep",
                "com.acme.Retry.again",
                "io.netty.util.HashedWheelTimer$HashedWheelTimeout.expire",
                worker);
        Stack tick =
                Story.stack("java.lang.Thread.sleep", "io.netty.util.HashedWheelTimer$Worker.waitForNextTick", worker);
        Story story = new Story();
        for (int i = 0; i < 10; i++) {
            story.did(i + 0.5, 95, "timer-1", Fact.ActivityKind.SLEEP, tick);
            story.did(i + 0.9, 80, "timer-1", Fact.ActivityKind.SLEEP, task);
        }

        List<Finding> found = story.check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.EVENT_LOOP_BLOCKED);
        assertThat(found.get(0).text().what()).contains("sleeps for 80 ms at Retry.again(");
        assertThat(found.get(0).text().change()).contains("let the task only hand it on");
    }
}
