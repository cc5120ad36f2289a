// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Called where event loops wait for something to do: in selectors, in Netty's epoll, in pools of one thread.
 *
 * <p>Between two such waits a loop does its work, and everybody else who depends on it waits. A thread finds its clock by its hash; if the
 * slots there are taken by other living threads, its turns are not seen.
 */
public final class LoopHooks {
    /** Turns longer than this are told one by one: below a screen's two frames nobody notices. */
    private static final long TOLD_FROM = 20_000_000;

    /** Read past the getters, which an application may have overridden. */
    private static final @Nullable MethodHandle CORE =
            Access.getter(ThreadPoolExecutor.class, "corePoolSize", int.class);

    private static final @Nullable MethodHandle MAXIMUM =
            Access.getter(ThreadPoolExecutor.class, "maximumPoolSize", int.class);

    private static final @Nullable MethodHandle QUEUE =
            Access.getter(ThreadPoolExecutor.class, "workQueue", BlockingQueue.class);

    /** A clock reading costs as much as an empty task; turns shorter than this are timed up to so many together. */
    private static final long SHORT = 100_000;

    private static final int MOST_GROUPED = 64;

    private static final int SLOTS = 512;
    private static final int PROBES = 8;
    private static final AtomicReferenceArray<@Nullable Loop> LOOPS = new AtomicReferenceArray<>(SLOTS);

    private LoopHooks() {}

    /** The clock of one thread; written by that thread alone. */
    private static final class Loop {
        final WeakReference<Thread> thread;
        long since;
        long turns;
        /** Turns that are timed together, and how many of them are still to come. */
        int group = 1;

        int left = 1;
        /** Whether the pool's worker asks for a task: a wait then is not part of a turn. */
        boolean asking;

        Loop(Thread thread) {
            this.thread = new WeakReference<>(thread);
        }
    }

    /** The current thread begins to wait for events. */
    public static void beforeWait() {
        if (!Switches.enabled) {
            return;
        }
        try {
            Loop loop = find(Thread.currentThread());
            if (loop != null && loop.since != 0) {
                long held = System.nanoTime() - loop.since;
                loop.since = 0; // a wait inside this one begins no turn
                loop.turns++;
                tell(loop, held);
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** It has them, or waited in vain. */
    public static void afterWait() {
        if (!Switches.enabled) {
            return;
        }
        try {
            Loop loop = find(Thread.currentThread());
            if (loop != null) {
                loop.since = System.nanoTime();
            }
        } catch (Throwable fault) {
            Switches.fault();
        }
    }

    /** A pool's worker asks for a task; in a pool of one thread that is a loop's wait. */
    static void beforeTask(Object pool, PoolStat stat) throws Throwable {
        Loop loop = stat.alone ? find(Thread.currentThread()) : null;
        if (loop != null) {
            loop.asking = true;
            if (loop.since != 0 && --loop.left <= 0) {
                long now = System.nanoTime();
                long held = now - loop.since;
                loop.turns += loop.group;
                loop.group = held < SHORT && mayGroup(loop, pool) ? Math.min(MOST_GROUPED, loop.group * 2) : 1;
                loop.left = loop.group;
                loop.since = loop.group == 1 ? 0 : now;
                tell(loop, held);
            }
        }
    }

    static void afterTask(PoolStat stat) {
        Loop loop = stat.alone ? find(Thread.currentThread()) : null;
        if (loop != null) {
            loop.asking = false;
            if (loop.since == 0) {
                loop.since = System.nanoTime();
                loop.left = loop.group;
            }
        }
    }

    /** A thread is about to park; if it is a worker that found no task, the turns before have ended. */
    static void parks(Thread current, long now) {
        Loop loop = peek(current);
        if (loop != null && loop.asking && loop.since != 0) {
            long held = now - loop.since;
            loop.since = 0;
            loop.turns += loop.group - loop.left;
            tell(loop, held);
        }
    }

    /** Only where a wait for a task is sure to pass {@link #parks}. */
    private static boolean mayGroup(Loop loop, Object pool) throws Throwable {
        if (loop.group > 1) {
            return true;
        }
        Object queue = QUEUE == null ? null : Access.object(QUEUE, pool);
        return queue != null && queue.getClass().getClassLoader() == null;
    }

    private static void tell(Loop loop, long held) {
        if (held >= TOLD_FROM) {
            told(loop, held);
        }
    }

    /** Whether there will never be a second thread; a scheduler stays at its core size, whatever its maximum says. */
    static boolean alone(Object pool) {
        MethodHandle size = pool instanceof ScheduledThreadPoolExecutor ? CORE : MAXIMUM;
        try {
            return size != null && pool instanceof ThreadPoolExecutor && Access.number(size, pool) == 1;
        } catch (Throwable fault) {
            Switches.fault();
            return false;
        }
    }

    static void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            LOOPS.set(slot, null);
        }
    }

    private static void told(Loop loop, long held) {
        Thread current = Thread.currentThread();
        if (Switches.events && Reentry.enter(current)) {
            try {
                JfrLoops.turn(held, loop.turns);
                loop.turns = 0;
            } finally {
                Reentry.leave(current);
            }
        }
    }

    /** As {@link #find}, without making one. */
    private static @Nullable Loop peek(Thread current) {
        int first = System.identityHashCode(current);
        for (int i = 0; i < PROBES; i++) {
            Loop loop = LOOPS.get((first + i) & (SLOTS - 1));
            if (loop == null || loop.thread.refersTo(current)) {
                return loop;
            }
        }
        return null;
    }

    private static @Nullable Loop find(Thread current) {
        if (Switches.isOwn(current)) {
            return null;
        }
        int first = System.identityHashCode(current);
        for (int i = 0; i < PROBES; i++) {
            int slot = (first + i) & (SLOTS - 1);
            Loop loop = LOOPS.get(slot);
            if (loop == null || loop.thread.get() == null) {
                Loop begun = new Loop(current);
                return LOOPS.compareAndSet(slot, loop, begun) ? begun : null;
            }
            if (loop.thread.refersTo(current)) {
                return loop;
            }
        }
        return null;
    }
}
