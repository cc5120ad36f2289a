// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.SlotLibrary;
import java.util.List;
import java.util.stream.Stream;

/** Every type that is woven. */
final class Weaves {
    /** Types of the JDK. */
    static final List<TypeWeave> JDK = List.of(
            new LockSupportWeave(),
            new QueuedSynchronizerWeave(),
            new LongQueuedSynchronizerWeave(),
            new StampedLockWeave(),
            new CyclicBarrierWeave(),
            new PhaserWeave(),
            new ExchangerWeave(),
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
            new ScheduledThreadPoolExecutorWeave(),
            new TimerQueueWeave(),
            new SelectorWeave());

    /** Types of libraries, woven where an application has them. */
    static final List<TypeWeave> LIBRARIES = List.of(
            new TomcatExecutorWeave(),
            new JettyPoolWeave(),
            new EnhancedQueueWeave(),
            new EnhancedQueueTaskWeave(),
            new QuartzJobWeave(),
            new CoroutineSchedulerWeave(),
            new CallLimitWeave(),
            new NettyEpollWeave());

    static final List<TypeWeave> ALL = Stream.of(
                    JDK.stream(),
                    LIBRARIES.stream(),
                    LimitWeave.ALL.stream(),
                    SlotLibrary.ALL.stream().map(SlotsWeave::new))
            .<TypeWeave>flatMap(each -> each)
            .toList();

    private Weaves() {}
}
