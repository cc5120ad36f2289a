// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;

/**
 * Tells whether hooks are still in, by waiting a nanosecond in each way that has a hook of its own: another agent may have
 * put the original bytes back without our transformer getting to know.
 *
 * <p>Belongs on a thread that the hooks leave out: its waits move counters of their own and are in no report. Of other
 * woven classes (queues, pools) only the transformer can tell.
 */
final class HookCheck {
    private final List<Probe> probes = new ArrayList<>();

    /** A wait that never ends by anything but its time. */
    private interface ShortWait {
        void begin() throws InterruptedException, TimeoutException;
    }

    private record Probe(String type, LongSupplier calls, ShortWait shortWait) {}

    /** Nobody is ever let in. */
    private static final class Shut extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean tryAcquire(int arg) {
            return false;
        }
    }

    /** As {@link Shut}, by the other base class. */
    private static final class LongShut extends AbstractQueuedLongSynchronizer {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean tryAcquire(long arg) {
            return false;
        }
    }

    HookCheck() {
        StampedLock taken = new StampedLock();
        taken.writeLock();
        Shut shut = new Shut();
        LongShut longShut = new LongShut();
        Phaser phaser = new Phaser(1);
        LinkedTransferQueue<Object> empty = new LinkedTransferQueue<>();
        String locks = "java.util.concurrent.locks.";
        probe(locks + "LockSupport", Hooks::ownParks, () -> LockSupport.parkNanos(1));
        probe(locks + "AbstractQueuedSynchronizer", Hooks::ownAcquires, () -> shut.tryAcquireNanos(1, 1));
        probe(locks + "AbstractQueuedLongSynchronizer", Hooks::ownAcquires, () -> longShut.tryAcquireNanos(1, 1));
        probe(locks + "StampedLock", Hooks::ownAcquires, () -> taken.tryReadLock(1, TimeUnit.NANOSECONDS));
        probe(
                "java.util.concurrent.Phaser",
                Hooks::ownTransfers,
                () -> phaser.awaitAdvanceInterruptibly(0, 1, TimeUnit.NANOSECONDS));
        String transfer = "java.util.concurrent.LinkedTransferQueue"; // a hand-off waits in it, or later in its nodes
        for (String type : List.of(transfer, transfer + "$DualNode")) {
            probe(type, Hooks::ownTransfers, () -> empty.poll(1, TimeUnit.NANOSECONDS));
        }
    }

    private void probe(String type, LongSupplier calls, ShortWait shortWait) {
        probes.add(new Probe(type, calls, shortWait));
    }

    /** Which of the woven classes did not answer. With the hooks switched off that is all that are asked. */
    List<Class<?>> silent(List<Class<?>> woven) throws InterruptedException {
        List<Class<?>> silent = new ArrayList<>();
        for (Class<?> type : woven) {
            for (Probe each : probes) {
                if (each.type().equals(type.getName()) && !answers(each)) {
                    silent.add(type);
                }
            }
        }
        return silent;
    }

    private static boolean answers(Probe probe) throws InterruptedException {
        long before = probe.calls().getAsLong();
        try {
            probe.shortWait().begin();
        } catch (TimeoutException asMeant) {
            // the phaser's way to say that the time is over
        }
        return probe.calls().getAsLong() != before;
    }
}
