// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitHooksTest {
    private static final long A_WAIT = 200_000;

    /** A synchroniser whose owner the test chooses. */
    private static final class Held extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        void by(@Nullable Thread owner) {
            setExclusiveOwnerThread(owner);
        }
    }

    private final Thread owner = new Thread("owner");
    private final Held lock = new Held();

    @BeforeEach
    void on() {
        Hooks.install();
        Hooks.clear();
        Hooks.budgets(500, 1_000);
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
    }

    @Test
    void sumsAcquiresOfOneLock() {
        lock.by(owner);
        acquire(lock, false);
        acquire(lock, false);

        LockRow row = Rows.flushed().lock("lock");

        assertThat(row.waits()).isEqualTo(2);
        assertThat(row.waited()).isGreaterThanOrEqualTo(2 * A_WAIT);
        assertThat(row.longest()).isBetween(A_WAIT, row.waited());
        assertThat(row.lockId()).isEqualTo(System.identityHashCode(lock));
        assertThat(row.waiting()).isZero();
        assertThat(Rows.flushed().locks).as("drained").isEmpty();
    }

    @Test
    void theRehearsalLeavesTheBudgetOfTheFirstSecond() {
        Hooks.preload(true);
        long before = Switches.SAMPLED.get();
        lock.by(owner);
        acquire(lock, false);
        acquire(lock, false);

        assertThat(Switches.SAMPLED.get() - before).isEqualTo(2);
    }

    @Test
    void leavesOutAnAcquireThatFoundTheLockFreeAndTookNoTime() {
        int tries = 1_000; // a busy machine can stretch some of them
        for (int i = 0; i < tries; i++) {
            WaitHooks.afterAcquire(WaitHooks.beforeAcquire(lock, false), true);
        }
        assertThat(Rows.flushed().locks)
                .allSatisfy(row -> assertThat(row.waits()).isLessThan(tries / 2));
    }

    @Test
    void countsAnyAcquireThatFoundAnOwner() {
        lock.by(owner);
        WaitHooks.afterAcquire(WaitHooks.beforeAcquire(lock, false), true);
        assertThat(Rows.flushed().lock("lock").waits()).isOne();
    }

    @Test
    void anOwnerThatWasReadLateIsNotBelieved() {
        assertThat(Wait.ofMoment(owner, 5, 1_000_005)).isSameAs(owner);
        assertThat(Wait.ofMoment(owner, 5, 1_000_006)).isNull();
        assertThat(Wait.ofMoment(null, 5, 6)).isNull();
    }

    @Test
    void offersTheOwnerOnceWithinItsSpacing() {
        Hooks.budgets(500, 1);
        lock.by(owner);
        acquire(lock, false);
        acquire(lock, false);

        assertThat(OwnerProbe.poll())
                .isEqualTo(new OwnerProbe.Request(lock, owner, Held.class.getName(), System.identityHashCode(lock)));
        assertThat(OwnerProbe.owner(lock)).isSameAs(owner);
        assertThat(OwnerProbe.poll()).isNull();
    }

    @Test
    void measuresHoldsBetweenGrantsOfALockSomebodyWaitsFor() throws InterruptedException {
        lock.by(owner);
        Object first = WaitHooks.beforeAcquire(lock, false);
        Object second = WaitHooks.beforeAcquire(lock, false);
        pass(A_WAIT);
        WaitHooks.afterAcquire(first, true);
        pass(A_WAIT);
        Thread other = new Thread(() -> WaitHooks.afterAcquire(second, true));
        other.start();
        other.join();

        LockRow row = Rows.flushed().lock("lock");

        assertThat(row.holds()).isOne();
        assertThat(row.held()).isGreaterThanOrEqualTo(A_WAIT);
    }

    @Test
    void showsWhoStillWaits() {
        Object token = WaitHooks.beforeAcquire(lock, true);
        assertThat(Rows.flushed().lock("semaphore").waiting()).isOne();
        WaitHooks.afterAcquire(token, false);
        assertThat(Rows.flushed().lock("semaphore").waiting()).isZero();
    }

    @Test
    void countsAConditionAsTheQueueItBelongsTo() {
        Condition notEmpty = new ReentrantLock().newCondition();
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>(7);
        queue.add("one");
        QueueHooks.register(notEmpty, queue, QueueHooks.TAKE);
        park(notEmpty);

        Rows rows = Rows.flushed();

        assertThat(rows.locks).isEmpty();
        assertThat(rows.queues).hasSize(1);
        QueueRow row = rows.queues.get(0);
        assertThat(row.queueClass()).isEqualTo(LinkedBlockingQueue.class);
        assertThat(row.takeWaits()).isOne();
        assertThat(row.takeWaited()).isGreaterThanOrEqualTo(A_WAIT);
        assertThat(row.putWaits()).isZero();
        assertThat(row.capacity()).isEqualTo(7);
        assertThat(row.depth()).isOne();
        assertThat(Waits.subject(notEmpty)).isSameAs(queue);
        assertThat(Waits.kind(notEmpty, false)).isEqualTo("queue-take");
    }

    @Test
    void tellsOtherConditionsAndBarriersApart() {
        Condition condition = new ReentrantLock().newCondition();
        Condition trip = new ReentrantLock().newCondition();
        QueueHooks.register(trip, new CyclicBarrier(2), QueueHooks.BARRIER);
        park(condition);
        park(trip);

        Rows rows = Rows.flushed();

        assertThat(rows.lock("condition").waits()).isOne();
        assertThat(rows.lock("barrier").lockClass()).isEqualTo(CyclicBarrier.class);
    }

    @Test
    void sumsFuturesAndBareParksByClass() {
        park(new FutureTask<>(() -> "a"));
        park(new FutureTask<>(() -> "b"));
        park(null);

        Rows rows = Rows.flushed();

        LockRow futures = rows.lock("future");
        assertThat(futures.waits()).isEqualTo(2);
        assertThat(futures.lockClass()).isEqualTo(FutureTask.class);
        assertThat(futures.lockId()).isZero();
        assertThat(rows.lock("park").lockClass()).isNull();
    }

    @Test
    void ignoresParksInsideAnAcquire() {
        assertThat(WaitHooks.beforePark(lock, 0)).isNull();
        assertThat(WaitHooks.beforePark(new StampedLock(), 0)).isNull();
    }

    @Test
    void ignoresOurOwnThreadsAndEverythingWhileOff() {
        Hooks.ignore(Thread.currentThread());
        assertThat(WaitHooks.beforeAcquire(lock, false)).isNull();
        Hooks.clear();
        Hooks.enable(false);
        assertThat(WaitHooks.beforePark(new CompletableFuture<>(), 0)).isNull();
    }

    @Test
    @SuppressWarnings("NullAway") // a fault of ours, provoked
    void swallowsFaultsAndSwitchesOffAfterAHundred() {
        for (int i = 0; i < 99; i++) {
            assertThat(WaitHooks.beforeAcquire(null, false)).isNull();
        }
        assertThat(Hooks.enabled()).isTrue();
        assertThat(WaitHooks.beforeAcquire(null, false)).isNull();
        assertThat(Hooks.enabled()).isFalse();
        assertThat(Hooks.status().faults()).isEqualTo(100);
        Hooks.enable(true);
        assertThat(Hooks.enabled()).as("not before clear").isFalse();
    }

    @Test
    void rehearsesWithoutATrace() {
        Hooks.preload(true);
        assertThat(Hooks.waitsSeen()).isZero();
        assertThat(Hooks.status().faults()).isZero();
        assertThat(Rows.flushed().locks).isEmpty();
    }

    private static void acquire(Object lock, boolean shared) {
        Object token = WaitHooks.beforeAcquire(lock, shared);
        pass(A_WAIT);
        WaitHooks.afterAcquire(token, true);
    }

    private static void park(@Nullable Object blocker) {
        Object token = WaitHooks.beforePark(blocker, 0);
        pass(A_WAIT);
        WaitHooks.afterPark(token);
    }

    private static void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
