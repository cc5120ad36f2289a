// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.OwnerProbe;
import io.lockjam.boot.Waits;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Says what a thread that waits is waiting for, and who has it. */
final class WaitReader {
    /** Kinds that are held and given back, so that waiting for them is being held up by a lock. */
    private static final Set<String> LOCKS = Set.of("lock", "read", "write", "stamped", "semaphore");

    /**
     * What is waited for.
     *
     * @param lockClass empty if nothing is named
     * @param queue whether the hooks know it as a pool's work queue
     */
    record Subject(
            String kind,
            String lockClass,
            long lockId,
            @Nullable Object blocker,
            boolean queue) {
        static final Subject NONE = new Subject("park", "", 0, null, false);

        /** Whether nothing is named: asleep, or parked without a blocker. */
        boolean isNothing() {
            return lockId == 0 && blocker == null && lockClass.isEmpty();
        }

        /** Whether who stands here waits for work: any element of a queue is, unless it is asked for as a connection is. */
        boolean isForWork(Verdict verdict) {
            return queue || (isElement() && verdict != Verdict.HELD) || verdict == Verdict.IDLE;
        }

        /** What the stack of somebody who stands here says. */
        Verdict verdict(StackTraceElement[] frames, Thread.State state) {
            if (state == Thread.State.BLOCKED) {
                return Verdict.HELD;
            }
            return isElement()
                    ? IdleRule.borrows(frames) ? Verdict.HELD : Verdict.IDLE
                    : IdleRule.verdict(frames, state);
        }

        /** Whether it is an element of a queue, or at a hand-off room for one. */
        boolean isElement() {
            return kind.equals("queue-take");
        }

        /** The same as a wait for room, or for somebody who takes. */
        Subject toPut() {
            return new Subject("queue-put", lockClass, lockId, blocker, false);
        }

        boolean isLock() {
            return LOCKS.contains(kind);
        }
    }

    private final @Nullable ReadHolders readers;
    private final @Nullable MethodHandle runner;

    WaitReader(Faults faults) {
        readers = readers(faults);
        runner = runner(faults);
    }

    Subject subject(Thread thread, ThreadProbe.Seen seen, WaitBook.Entry entry) {
        if (seen.state() == Thread.State.BLOCKED) {
            return new Subject("monitor", text(seen.lockClass()), seen.lockId(), null, false);
        }
        Object blocker = LockSupport.getBlocker(thread);
        if (blocker != null) {
            return subject(blocker, shared(blocker, thread, entry));
        }
        boolean moved = seen.lockClass() != null && isParkedAt(seen.lockClass()); // it has gone on since
        return seen.lockClass() == null || moved
                ? Subject.NONE
                : new Subject("object-wait", seen.lockClass(), seen.lockId(), null, false);
    }

    /** Whether who waits at an object of the class is parked: it is inside a synchronizer of the JDK, where nobody can call wait on it. */
    private static boolean isParkedAt(String className) {
        return className.startsWith("java.util.concurrent.locks.")
                || (className.startsWith("java.util.concurrent.") && className.indexOf('$') >= 0);
    }

    /** @param shared whether the waiter wants it in shared mode */
    Subject subject(Object blocker, boolean shared) {
        Object known = Waits.subject(blocker);
        Object what = known == null ? blocker : known;
        return new Subject(
                Waits.kind(blocker, shared),
                Waits.className(what),
                System.identityHashCode(what),
                blocker,
                // a ForkJoinPool itself is the blocker of its idle workers alone
                Waits.idle(blocker) || blocker.getClass() == ForkJoinPool.class);
    }

    /** The thread that holds what is waited for; null if it has none or it cannot be told. */
    @Nullable
    Thread owner(Subject subject, @Nullable Thread waiter, @Nullable Thread[] parked) throws Throwable {
        Object blocker = subject.blocker();
        if (blocker instanceof AbstractOwnableSynchronizer) {
            Thread owner = OwnerProbe.owner(blocker);
            boolean read = readers != null && readers.isReadWrite(blocker) && readers.mayBeRead(blocker, owner);
            return read && readers != null ? readers.find(blocker, waiter, parked) : owner;
        }
        if (blocker instanceof FutureTask && runner != null) {
            return (Thread) runner.invoke(blocker);
        }
        return null;
    }

    /** Whether it depends on the waiter in which mode it waits. */
    boolean hasModes(Object blocker) {
        return (readers != null && readers.isReadWrite(blocker)) || isOfLibrary(blocker);
    }

    /** Whether a synchroniser is none of the JDK's: its class does not say whether it is a lock or a latch. */
    private static boolean isOfLibrary(Object blocker) {
        boolean synchroniser =
                blocker instanceof AbstractQueuedSynchronizer || blocker instanceof AbstractQueuedLongSynchronizer;
        return synchroniser && !blocker.getClass().getName().startsWith("java.");
    }

    private boolean shared(Object blocker, Thread thread, WaitBook.Entry entry) {
        if (!hasModes(blocker)) {
            return false; // the kind follows from the class
        }
        if (entry.shared == null) {
            entry.shared = isSharedWaiter(blocker, thread);
        }
        return entry.shared;
    }

    /** A read-write lock's synchroniser counts in an int up to 24 and in a long from 25 on. */
    static boolean isSharedWaiter(Object synchroniser, Thread thread) {
        Collection<Thread> shared = List.of();
        if (synchroniser instanceof AbstractQueuedSynchronizer ints) {
            shared = ints.getSharedQueuedThreads();
        } else if (synchroniser instanceof AbstractQueuedLongSynchronizer longs) {
            shared = longs.getSharedQueuedThreads();
        }
        for (Thread each : shared) { // not contains(): equals may be overridden
            if (each == thread) {
                return true;
            }
        }
        return false;
    }

    private static String text(@Nullable String name) {
        return name == null ? "" : name;
    }

    private static @Nullable ReadHolders readers(Faults faults) {
        try {
            return new ReadHolders();
        } catch (ReflectiveOperationException | RuntimeException otherJdk) {
            faults.caught("read holders", otherJdk);
            return null;
        }
    }

    private static @Nullable MethodHandle runner(Faults faults) {
        try {
            return MethodHandles.privateLookupIn(FutureTask.class, MethodHandles.lookup())
                    .findGetter(FutureTask.class, "runner", Thread.class);
        } catch (ReflectiveOperationException otherJdk) {
            faults.caught("future runner", otherJdk);
            return null;
        }
    }
}
