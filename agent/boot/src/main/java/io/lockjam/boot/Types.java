// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Classes of the JDK that have no public name, and the public class that people know each of them by. */
final class Types {
    static final @Nullable Class<?> SIGNALLER = named("java.util.concurrent.CompletableFuture$Signaller");
    static final @Nullable Class<?> PHASER_NODE = named("java.util.concurrent.Phaser$QNode");
    static final @Nullable Class<?> READ_WRITE_SYNC = named("java.util.concurrent.locks.ReentrantReadWriteLock$Sync");
    /** The hand-off inside a SynchronousQueue: its base class up to 20, its only class from 21 on. */
    static final @Nullable Class<?> TRANSFERER = named("java.util.concurrent.SynchronousQueue$Transferer");

    static final @Nullable Class<?> DELAYED_WORK_QUEUE =
            named("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");
    static final @Nullable Class<?> PER_TASK = named("java.util.concurrent.ThreadPerTaskExecutor");
    static final @Nullable Class<?> POOL_WORKER = named("java.util.concurrent.ThreadPoolExecutor$Worker");
    static final @Nullable Class<?> SCHEDULED_TASK =
            named("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    static final @Nullable Class<?> VIRTUAL_THREAD = named("java.lang.BaseVirtualThread");
    static final @Nullable Class<?> TIMER_QUEUE = named(TimerReader.POOL);

    private Types() {}

    /** The class of the JDK with this binary name, not initialised; null if this JDK has none. */
    static @Nullable Class<?> named(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException absentInThisJdk) {
            return null;
        }
    }

    static boolean isTransferer(Object subject) {
        return TRANSFERER != null && TRANSFERER.isInstance(subject);
    }

    /** Whether a transfer queue of this JDK waits in a method that has a hook of its own. */
    static boolean isTransferQueue(Object blocker) {
        return blocker instanceof LinkedTransferQueue;
    }

    /**
     * The class to report: the lock rather than its inner synchroniser, for the JDK's own classes.
     *
     * <p>Outer classes of an application's synchronisers are not looked up, since that can run its class loader.
     */
    static Class<?> reported(Object subject) {
        Class<?> type = subject.getClass();
        String name = type.getName();
        if (!name.startsWith("java.util.concurrent.")) {
            return type;
        }
        if (name.startsWith("locks.ReentrantLock$", 21)) {
            return ReentrantLock.class;
        }
        if (name.startsWith("locks.ReentrantReadWriteLock$", 21)) {
            return ReentrantReadWriteLock.class;
        }
        if (name.startsWith("Semaphore$", 21)) {
            return Semaphore.class;
        }
        if (name.startsWith("CountDownLatch$", 21)) {
            return CountDownLatch.class;
        }
        if (isTransferer(subject)) {
            return SynchronousQueue.class;
        }
        return type;
    }
}
