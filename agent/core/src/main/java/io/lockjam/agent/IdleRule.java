// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.SlotLibrary;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells idle from held up by a stack's innermost frames. A worker waits for work only if nothing of the application lies
 * between its wait and the loop that fetches work, so the frames are read from the inside until one decides.
 */
final class IdleRule {
    /** The JDK's own machinery under a wait; says nothing by itself. */
    private static final Set<String> PLUMBING = Set.of(
            "java.lang.Object",
            "jdk.internal.misc.Unsafe",
            "java.util.concurrent.locks.LockSupport",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionNode",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.Semaphore",
            "java.util.concurrent.ExecutorCompletionService",
            "org.apache.tomcat.util.threads.TaskQueue",
            "org.eclipse.jetty.util.BlockingArrayQueue",
            "org.jboss.threads.EnhancedQueueExecutor$PoolThreadNode",
            "java.lang.VirtualThread",
            "java.lang.System$2",
            "java.lang.System$1");

    /** Loops that fetch work; class.method or class prefix ending in a dot. */
    private static final Set<String> FETCHING = Set.of(
            "java.util.concurrent.ThreadPoolExecutor.getTask",
            "java.util.concurrent.ForkJoinPool.awaitWork",
            "java.util.TimerThread.mainLoop",
            "org.apache.tomcat.util.threads.ThreadPoolExecutor.getTask",
            "org.eclipse.jetty.util.thread.QueuedThreadPool.idleJobPoll",
            "org.eclipse.jetty.util.thread.QueuedThreadPool$Runner.idleJobPoll",
            "org.eclipse.jetty.util.thread.ReservedThreadExecutor$ReservedThread.waitForTask",
            "org.eclipse.jetty.util.thread.ReservedThreadExecutor$ReservedThread.reservedWait",
            "org.jboss.threads.EnhancedQueueExecutor$ThreadBody.run",
            "org.quartz.simpl.SimpleThreadPool$WorkerThread.run",
            "org.quartz.core.QuartzSchedulerThread.run",
            "kotlinx.coroutines.scheduling.CoroutineScheduler$Worker.park",
            "java.lang.ref.ReferenceQueue.remove",
            "java.lang.ref.ReferenceQueue.remove0",
            "java.lang.ref.ReferenceQueue.await",
            "java.lang.ref.NativeReferenceQueue.await",
            "java.lang.ref.Reference.waitForReferencePendingList",
            "java.util.concurrent.DelayScheduler.loop",
            "java.util.concurrent.ForkJoinPool$DelayScheduler.loop",
            "sun.nio.ch.EPoll.wait",
            "sun.nio.ch.EPollSelectorImpl.doSelect",
            "sun.nio.ch.KQueue.poll",
            "sun.nio.ch.WEPoll.wait",
            "io.netty.channel.epoll.Native.epollWait",
            "io.netty.channel.epoll.Native.epollWait0",
            "io.netty.channel.kqueue.Native.keventWait",
            "sun.nio.ch.Net.accept",
            "sun.nio.ch.UnixDomainSockets.accept",
            "sun.nio.ch.NioSocketImpl.accept",
            "sun.nio.ch.ServerSocketChannelImpl.accept",
            "java.net.PlainSocketImpl.socketAccept",
            "jdk.internal.misc.Signal.findSignal",
            "jdk.jfr.internal.PlatformRecorder.takeNap",
            "jdk.jfr.internal.PlatformRecorder.periodicTask",
            "java.net.ServerSocket.implAccept");

    /** Consumers' calls of BlockingQueue; producers' put and offer are held up. */
    private static final Set<String> CONSUMING =
            Set.of("take", "poll", "takeFirst", "takeLast", "pollFirst", "pollLast", "remove");

    private static final Set<String> PRODUCING = Set.of("put", "transfer", "putFirst", "putLast");

    private static final List<String> QUEUES = List.of("Queue", "Deque", "TransferQueue");

    /** Where a thread stands that is parked or in Object.wait. */
    private static final Set<String> WAITING = Set.of(
            "jdk.internal.misc.Unsafe", "java.lang.Object", "java.lang.VirtualThread", "jdk.internal.vm.Continuation");

    private static final List<String> IO =
            List.of("sun.nio.ch.", "java.net.", "java.io.", "sun.nio.fs.", "jdk.net.", "io.netty.channel.", "sun.net.");

    /** A class that calls itself a pool, not of threads. */
    private static final Pattern POOL = Pattern.compile("(?<!Thread|Worker|Task|Job)Pool(?!Executor)");

    private static final Pattern BORROW = Pattern.compile(
            "(?i)^(borrow|lease|acquire|check_?out|(get|take|open|obtain)(Connection|Resource|Client|Session|Channel))");

    private IdleRule() {}

    static Verdict verdict(StackTraceElement[] frames, Thread.State state) {
        if (frames.length == 0) {
            return state == Thread.State.RUNNABLE ? Verdict.NATIVE : Verdict.IDLE; // a thread of the JVM itself
        }
        if (sleeps(frames[0])) {
            return Verdict.SLEEP;
        }
        if (state != Thread.State.RUNNABLE && borrows(frames)) {
            return Verdict.HELD; // for a connection, though it may come through a queue
        }
        for (StackTraceElement frame : frames) {
            if (FETCHING.contains(name(frame)) || consumes(frame)) {
                return Verdict.IDLE;
            }
            if (!PLUMBING.contains(frame.getClassName()) && !isIo(frame) && !isQueue(frame)) {
                break;
            }
        }
        if (state != Thread.State.RUNNABLE) {
            return waits(frames[0]) ? Verdict.HELD : Verdict.UNKNOWN; // it has moved on before its stack was taken
        }
        return isIo(frames[0]) ? Verdict.IO : Verdict.NATIVE;
    }

    private static boolean waits(StackTraceElement innermost) {
        return WAITING.contains(innermost.getClassName());
    }

    /** Whether it is parked by java.util.concurrent, which always says for what: who was seen to wait for nothing has moved on since. */
    static boolean isParkedForSomething(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            if (!waits(frame) && !frame.getClassName().equals("java.util.concurrent.locks.LockSupport")) {
                return frame.getClassName().startsWith("java.util.concurrent.");
            }
        }
        return false;
    }

    /** Whether it has just offered its core to others. */
    static boolean yields(StackTraceElement[] frames) {
        return frames.length > 0
                && frames[0].getClassName().equals("java.lang.Thread")
                && frames[0].getMethodName().startsWith("yield");
    }

    /**
     * Whether it waits at a queue, called by other code than the loop of a pool: a consumer without work, or one that wants what others have to
     * put back, which only its code can tell.
     */
    static boolean takes(StackTraceElement[] frames) {
        boolean consumes = false;
        for (StackTraceElement frame : frames) {
            consumes |= consumes(frame);
            if (!PLUMBING.contains(frame.getClassName()) && !isQueue(frame)) {
                return consumes && !frame.getClassName().startsWith("java.") && !FETCHING.contains(name(frame));
            }
        }
        return false;
    }

    /** Whether it waits in a call that puts into a queue or hands something over; the queue's own methods within do both. */
    static boolean puts(StackTraceElement[] frames) {
        String called = "";
        for (StackTraceElement frame : frames) {
            boolean queue = isQueue(frame);
            if (!queue && !PLUMBING.contains(frame.getClassName())) {
                break;
            }
            called = queue ? frame.getMethodName() : called;
        }
        return PRODUCING.contains(called);
    }

    private static String name(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName();
    }

    /** Whether a pool is asked for something to use, such as a connection: it says so by its names. */
    static boolean borrows(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            if (asksForSlot(frame) || asksPool(frame, frames)) {
                return true;
            }
        }
        return false;
    }

    /** The workers and the cleaner of a pool begin in its own class: who asks comes from elsewhere. */
    private static boolean asksPool(StackTraceElement frame, StackTraceElement[] frames) {
        return POOL.matcher(frame.getClassName()).find()
                && BORROW.matcher(frame.getMethodName()).find()
                && !serves(beginning(frames), frame);
    }

    /** Whether the thread that begins at a frame belongs to the pool: to its class, to one nested in that, or to a pool around it. */
    private static boolean serves(StackTraceElement begins, StackTraceElement pool) {
        String thread = begins.getClassName();
        boolean around = outer(begins).equals(outer(pool))
                && POOL.matcher(thread.substring(thread.lastIndexOf('$') + 1)).find();
        return around || thread.equals(pool.getClassName()) || thread.startsWith(pool.getClassName() + "$");
    }

    private static StackTraceElement beginning(StackTraceElement[] frames) {
        int last = frames.length - 1;
        while (last > 0 && frames[last].getClassName().startsWith("java.")) {
            last--;
        }
        return frames[last];
    }

    private static String outer(StackTraceElement frame) {
        String type = frame.getClassName();
        int nested = type.indexOf('$');
        return nested < 0 ? type : type.substring(0, nested);
    }

    private static boolean asksForSlot(StackTraceElement frame) {
        for (SlotLibrary library : SlotLibrary.ALL) {
            if (frame.getClassName().equals(library.type())
                    && library.borrow().stream().anyMatch(each -> each.startsWith(frame.getMethodName() + "("))) {
                return true;
            }
        }
        return false;
    }

    private static boolean sleeps(StackTraceElement frame) {
        return frame.getClassName().equals("java.lang.Thread")
                && frame.getMethodName().startsWith("sleep");
    }

    private static boolean isIo(StackTraceElement frame) {
        for (String prefix : IO) {
            if (frame.getClassName().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isQueue(StackTraceElement frame) {
        String type = frame.getClassName();
        if (!type.startsWith("java.util.concurrent.")) {
            return false;
        }
        for (String ending : QUEUES) {
            if (outer(frame).endsWith(ending)) {
                return true;
            }
        }
        return type.endsWith("DelayedWorkQueue");
    }

    private static boolean consumes(StackTraceElement frame) {
        return isQueue(frame) && CONSUMING.contains(frame.getMethodName());
    }
}
