// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;

/** Proves that the hooks are in: one of two threads waits for a lock that the other has, and the hooks must count it. */
final class SelfTest {
    /** Far more than it takes on a machine that is not out of CPU altogether. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final long STEP_NANOS = 200_000;

    private SelfTest() {}

    /** A lock as small as can be, which the hooks can be told to forget. */
    private static final class Gate extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean tryAcquire(int arg) {
            if (!compareAndSetState(0, 1)) {
                return false;
            }
            setExclusiveOwnerThread(Thread.currentThread());
            return true;
        }

        @Override
        protected boolean tryRelease(int arg) {
            setExclusiveOwnerThread(null);
            setState(0);
            return true;
        }
    }

    /** Returns the reason why waits are not seen, or an empty text if they are. */
    static String run(OwnThreads threads) throws InterruptedException {
        long before = Hooks.waitsSeen();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Gate gate = new Gate();
        AtomicBoolean taken = new AtomicBoolean();
        Thread waiter = threads.create("Self-Test Waiter", () -> {
            gate.acquire(1);
            taken.set(true);
            gate.release(1);
        });
        Thread holder = threads.create("Self-Test Holder", () -> {
            gate.acquire(1);
            try {
                waiter.start();
                while (!parked(gate, waiter) && System.nanoTime() < deadline) {
                    LockSupport.parkNanos(STEP_NANOS);
                }
            } finally {
                gate.release(1);
            }
        });
        holder.start();
        awaitEnd(holder);
        awaitEnd(waiter);
        // the sum of all waits runs behind while it is being moved into the recording
        boolean seen = Hooks.sawGrant(gate) || Hooks.waitsSeen() > before;
        Hooks.forget(gate);
        if (seen) {
            return "";
        }
        return !taken.get()
                ? "the self-test did not end in time"
                : "the self-test waited for a lock and the hooks did not see it";
    }

    private static boolean parked(Gate gate, Thread waiter) {
        return gate.isQueued(waiter) && waiter.getState() == Thread.State.WAITING;
    }

    /** Without join: the recorder would report our wait as the application's. */
    private static void awaitEnd(Thread thread) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
