// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdleRuleTest {
    private static final String PARKED = "jdk.internal.misc.Unsafe.park java.util.concurrent.locks.LockSupport.park "
            + "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await ";

    @Test
    void aWorkerThatFetchesATaskIsIdle() {
        assertThat(
                        waiting(
                                PARKED
                                        + "java.util.concurrent.LinkedBlockingQueue.take java.util.concurrent.ThreadPoolExecutor.getTask"))
                .isEqualTo(Verdict.IDLE);
    }

    @Test
    void workersOfPoolsThatAreNotTheJdksAreIdle() {
        String queue = "org.eclipse.jetty.util.BlockingArrayQueue.poll ";
        assertThat(waiting(PARKED + queue + "org.eclipse.jetty.util.thread.QueuedThreadPool$Runner.idleJobPoll"))
                .isEqualTo(Verdict.IDLE);
        assertThat(waiting(PARKED + queue + "com.acme.Task.run")).isEqualTo(Verdict.HELD);
        assertThat(waiting("jdk.internal.misc.Unsafe.park java.util.concurrent.locks.LockSupport.parkNanos "
                        + "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire "
                        + "java.util.concurrent.Semaphore.tryAcquire "
                        + "org.eclipse.jetty.util.thread.ReservedThreadExecutor$ReservedThread.waitForTask"))
                .isEqualTo(Verdict.IDLE);
    }

    @Test
    void workersThatParkOrWaitInTheirOwnLoopAreIdle() {
        String coroutines = "jdk.internal.misc.Unsafe.park java.util.concurrent.locks.LockSupport.parkNanos "
                + "kotlinx.coroutines.scheduling.CoroutineScheduler$Worker.";
        assertThat(waiting(coroutines + "park")).isEqualTo(Verdict.IDLE);
        assertThat(waiting(coroutines + "executeTask")).isEqualTo(Verdict.HELD);
        String job = "org.quartz.simpl.SimpleThreadPool$WorkerThread.run";
        assertThat(waiting("java.lang.Object.wait " + job)).isEqualTo(Verdict.IDLE);
        assertThat(waiting("java.lang.Object.wait com.acme.Job.execute " + job)).isEqualTo(Verdict.HELD);
    }

    @Test
    void whoHasMovedOnBeforeItsStackWasTakenIsNotSaidToWait() {
        assertThat(waiting("com.acme.Stock.count com.acme.Web.page java.lang.Thread.run"))
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void whoIsParkedInCodeOfItsOwnMayBeSoForNothing() {
        String parked = "jdk.internal.misc.Unsafe.park java.util.concurrent.locks.LockSupport.park ";
        String acquire = "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire ";
        assertThat(IdleRule.isParkedForSomething(frames(parked + acquire + "com.acme.Stock.count")))
                .isTrue();
        assertThat(IdleRule.isParkedForSomething(frames(parked + "com.acme.OwnLock.lock " + acquire)))
                .isFalse();
    }

    @Test
    void aConsumerAtAnEmptyQueueIsIdle() {
        assertThat(waiting(PARKED + "java.util.concurrent.ArrayBlockingQueue.take com.acme.Consumer.run"))
                .isEqualTo(Verdict.IDLE);
    }

    @Test
    void whoWantsAConnectionThatAPoolKeepsInAQueueIsHeldUp() {
        String queue = PARKED + "java.util.concurrent.LinkedBlockingQueue.take ";
        assertThat(waiting(queue + "com.acme.ConnectionPool.acquire com.acme.Web.page java.lang.Thread.run"))
                .isEqualTo(Verdict.HELD);
        assertThat(waiting(queue + "com.acme.WorkerPool.acquire com.acme.Web.page java.lang.Thread.run"))
                .isEqualTo(Verdict.IDLE);
        assertThat(waiting(queue + "com.acme.JobsPool.next com.acme.Web.page java.lang.Thread.run"))
                .isEqualTo(Verdict.IDLE);
        assertThat(waiting(queue + "com.acme.OwnPool.acquire com.acme.OwnPool$Worker.run java.lang.Thread.run"))
                .isEqualTo(Verdict.IDLE);
        assertThat(waiting(queue + "com.acme.App$Pool.acquire com.acme.App.lambda$main$0 java.lang.Thread.run"))
                .isEqualTo(Verdict.HELD);
        assertThat(waiting(queue + "com.acme.OwnPool$Slots.acquire com.acme.OwnPool.run java.lang.Thread.run"))
                .isEqualTo(Verdict.IDLE);
    }

    @Test
    void aWorkerAtItsPoolsQueueIsNoTaker() {
        String take = PARKED + "java.util.concurrent.LinkedBlockingQueue.take ";
        assertThat(IdleRule.takes(frames(take + "com.acme.Base.borrow com.acme.Web.page")))
                .isTrue();
        assertThat(IdleRule.takes(frames(take + "java.util.concurrent.ThreadPoolExecutor.getTask")))
                .isFalse();
        assertThat(IdleRule.takes(
                        frames(PARKED + "java.util.concurrent.LinkedBlockingQueue.put com.acme.Base.giveBack")))
                .isFalse();
    }

    @Test
    void aHandOffTellsByTheCallWhoWaits() {
        String handOff = "jdk.internal.misc.Unsafe.park java.util.concurrent.locks.LockSupport.park "
                + "java.util.concurrent.SynchronousQueue$TransferStack.transfer java.util.concurrent.SynchronousQueue.";
        assertThat(IdleRule.puts(frames(handOff + "put com.acme.Feed.run"))).isTrue();
        assertThat(IdleRule.puts(frames(handOff + "take com.acme.Feed.run"))).isFalse();
        assertThat(IdleRule.takes(frames(handOff + "put com.acme.Feed.run"))).isFalse();
    }

    @Test
    void aProducerAtAFullQueueIsHeldUp() {
        assertThat(waiting(PARKED + "java.util.concurrent.ArrayBlockingQueue.put com.acme.Producer.run"))
                .isEqualTo(Verdict.HELD);
    }

    @Test
    void aTaskThatWaitsForAnotherIsHeldUpThoughItRunsInAPool() {
        assertThat(waiting("jdk.internal.misc.Unsafe.park java.util.concurrent.locks.LockSupport.park "
                        + "java.util.concurrent.FutureTask.awaitDone java.util.concurrent.FutureTask.get "
                        + "com.acme.Task.run java.util.concurrent.ThreadPoolExecutor.runWorker"))
                .isEqualTo(Verdict.HELD);
    }

    @Test
    void anEventLoopInItsSelectorIsIdle() {
        assertThat(running("sun.nio.ch.EPoll.wait sun.nio.ch.EPollSelectorImpl.doSelect com.acme.Loop.run"))
                .isEqualTo(Verdict.IDLE);
    }

    @Test
    void aReaderOfASocketIsInIo() {
        assertThat(running("sun.nio.ch.SocketDispatcher.read0 sun.nio.ch.NioSocketImpl.read com.acme.Client.call"))
                .isEqualTo(Verdict.IO);
    }

    @Test
    void aSleeperIsAsleep() {
        assertThat(waiting("java.lang.Thread.sleep0 java.lang.Thread.sleep com.acme.Poller.run"))
                .isEqualTo(Verdict.SLEEP);
    }

    @Test
    void otherNativeCodeIsNotTakenForIo() {
        assertThat(running("com.acme.Codec.compress0 com.acme.Codec.compress")).isEqualTo(Verdict.NATIVE);
    }

    private static Verdict waiting(String frames) {
        return IdleRule.verdict(frames(frames), Thread.State.WAITING);
    }

    private static Verdict running(String frames) {
        return IdleRule.verdict(frames(frames), Thread.State.RUNNABLE);
    }

    static StackTraceElement[] frames(String text) {
        return Arrays.stream(text.split(" "))
                .map(frame -> new StackTraceElement(
                        frame.substring(0, frame.lastIndexOf('.')),
                        frame.substring(frame.lastIndexOf('.') + 1),
                        null,
                        -1))
                .toArray(StackTraceElement[]::new);
    }
}
