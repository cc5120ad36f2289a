// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockProbeTest {
    private final ReentrantLock outer = new ReentrantLock();
    private final ReentrantLock inner = new ReentrantLock();

    @BeforeEach
    void arm() {
        LockOrders.clear();
        HeldLocks.clear();
        LockProbe.armed = true;
        LockProbe.lock(outer, "outer");
        outer.lock();
    }

    @AfterEach
    void disarm() {
        outer.unlock();
        LockProbe.armed = false;
        LockOrders.clear();
        HeldLocks.clear();
    }

    @Test
    void takingALockInsideAnotherIsANesting() {
        LockProbe.lock(inner, "inner");

        assertThat(LockOrders.poll()).isNotNull();
    }

    @Test
    void takingALockThatTheThreadHasJustMadeIsNone() {
        LockProbe.made(inner);
        LockProbe.lock(inner, "inner");
        assertThat(LockOrders.poll()).isNull();
        LockProbe.release(inner);

        LockProbe.lock(inner, "inner");

        assertThat(LockOrders.poll()).as("the second time others may hold it").isNotNull();
    }

    private String gatesWithin(Semaphore gate) throws InterruptedException {
        LockProbe.lock(gate, "gate");
        gate.acquire();
        LockProbe.lock(inner, "inner");
        LockProbe.release(inner);
        LockProbe.release(gate);
        gate.release();
        return Objects.requireNonNull(LockOrders.poll()).gates();
    }

    @Test
    void theOnlyPermitOfASemaphoreIsAGate() throws InterruptedException {
        Semaphore gate = new Semaphore(1);
        String id = Integer.toHexString(System.identityHashCode(gate));

        assertThat(gatesWithin(gate).split(" ")).contains(id);

        gate.acquire();
        LockProbe.lock(new ReentrantLock(), "after");
        assertThat(Objects.requireNonNull(LockOrders.poll()).gates())
                .as("given back")
                .doesNotContain(id);
    }

    @Test
    void behindASemaphoreWithMorePermitsOthersPass() throws InterruptedException {
        assertThat(gatesWithin(new Semaphore(2)).split(" ")).hasSize(1);
    }

    private int toldBy(Thread... threads) throws InterruptedException {
        int told = 0;
        for (Thread each : threads) {
            each.start();
            each.join();
            told += LockOrders.poll() == null ? 0 : 1;
        }
        return told;
    }

    private Thread nests(ReentrantLock first, ReentrantLock second, int times) {
        return new Thread(() -> {
            LockProbe.lock(first, "first");
            first.lock();
            try {
                for (int i = 0; i < times; i++) {
                    LockProbe.lock(second, "second");
                    LockProbe.release(second);
                }
            } finally {
                LockProbe.release(first);
                first.unlock();
            }
        });
    }

    @Test
    void aNestingIsToldOfThreeThreadsAndOnceOfEach() throws InterruptedException {
        ReentrantLock first = new ReentrantLock();

        assertThat(toldBy(nests(first, inner, 5), nests(first, inner, 1))).isEqualTo(2);
        assertThat(LockOrders.poll()).as("once of each thread").isNull();
        assertThat(toldBy(nests(first, inner, 1), nests(first, inner, 1), nests(first, inner, 1)))
                .isEqualTo(1);
    }

    private String gates() {
        LockProbe.lock(new ReentrantLock(), "behind");
        return Objects.requireNonNull(LockOrders.poll()).gates();
    }

    @Test
    void aFlagThatTheThreadHasSetIsAGate() {
        AtomicBoolean flag = new AtomicBoolean(true);
        String id = Integer.toHexString(System.identityHashCode(flag));

        LockProbe.passed(false, flag);
        assertThat(gates()).as("set by another").doesNotContain(id);
        LockProbe.passed(true, flag);
        assertThat(gates().split(" ")).contains(id);
        flag.set(false);
        assertThat(gates()).as("given back by code that is not woven").doesNotContain(id);
        flag.set(true);
        LockProbe.release(flag);
        assertThat(gates()).as("given back").doesNotContain(id);
    }

    @Test
    void aNumberAndAReferenceAreGatesToo() {
        for (Object gate : List.of(new AtomicInteger(1), new AtomicLong(1), new AtomicReference<>("me"))) {
            LockProbe.passed(true, gate);
            assertThat(gates()).contains(Integer.toHexString(System.identityHashCode(gate)));
        }
    }

    @Test
    void whatAThreadHeldBeforeAnybodyLookedIsGivenBackFirst() {
        LockOrders.from(3);
        LockProbe.lock(new ReentrantLock(), "early");
        assertThat(LockOrders.poll()).isNull();

        LockOrders.from(0);
        LockProbe.lock(new ReentrantLock(), "late");
        assertThat(LockOrders.poll()).isNotNull();
    }

    @Test
    void whoIsBehindAGateKeepsItsEntry() {
        HeldLocks.Held held = new HeldLocks.Held(Thread.currentThread());
        assertThat(held.isFree()).isTrue();
        AtomicBoolean flag = new AtomicBoolean(true);
        held.gate = flag;
        assertThat(held.isFree()).isFalse();
        flag.set(false);
        assertThat(held.isFree()).isTrue();
    }
}
