// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.List;

/** Every type of the JDK that is woven. */
final class Weaves {
    static final List<TypeWeave> ALL = List.of(
            new LockSupportWeave(),
            new QueuedSynchronizerWeave(),
            new LongQueuedSynchronizerWeave(),
            new StampedLockWeave(),
            new CyclicBarrierWeave(),
            new PhaserWeave(),
            new ArrayBlockingQueueWeave(),
            new LinkedBlockingQueueWeave(),
            new LinkedBlockingDequeWeave(),
            new PriorityBlockingQueueWeave(),
            new DelayQueueWeave(),
            new DelayedWorkQueueWeave(),
            new LinkedTransferQueueWeave(),
            new DualNodeWeave(),
            new TransferStackWeave(),
            new TransferQueueWeave(),
            new ThreadPoolExecutorWeave(),
            new ScheduledThreadPoolExecutorWeave());

    private Weaves() {}
}
