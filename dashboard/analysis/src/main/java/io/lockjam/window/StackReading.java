// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads from a stack what its thread was doing; names of JDK methods as in 17 to 25. */
final class StackReading {
    private static final int TOP = 12;
    private static final Set<String> SOCKET_CLASSES = Set.of(
            "java.net.SocketInputStream",
            "java.net.Socket$SocketInputStream",
            "java.net.Socket$SocketOutputStream",
            "java.net.SocketOutputStream",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "sun.nio.ch.NioSocketImpl",
            "sun.nio.ch.SocketDispatcher",
            "sun.nio.ch.SocketChannelImpl",
            "sun.nio.ch.UnixDomainSockets",
            "sun.nio.ch.DatagramDispatcher",
            "sun.nio.ch.Net");
    private static final Set<String> FILE_CLASSES = Set.of(
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.RandomAccessFile",
            "java.io.FileDescriptor",
            "java.io.UnixFileSystem",
            "sun.nio.fs.UnixNativeDispatcher",
            "sun.nio.ch.FileDispatcherImpl",
            "sun.nio.ch.UnixFileDispatcherImpl",
            "sun.nio.ch.FileChannelImpl");
    private static final Set<String> HOST_CLASSES =
            Set.of("java.net.Inet4AddressImpl", "java.net.Inet6AddressImpl", "java.net.InetAddress");
    private static final Set<String> PROCESS_CLASSES =
            Set.of("java.lang.ProcessImpl", "java.lang.UNIXProcess", "java.lang.ProcessHandleImpl");
    /** Native waits for channels; the rest of a selector's code runs, like waking it up. */
    private static final Set<String> SELECTING =
            Set.of("sun.nio.ch.EPoll.wait", "sun.nio.ch.KQueue.poll", "sun.nio.ch.WEPoll.wait");

    private static final Set<String> QUEUES = Set.of(
            "java.util.concurrent.LinkedBlockingQueue",
            "java.util.concurrent.ArrayBlockingQueue",
            "java.util.concurrent.LinkedBlockingDeque",
            "java.util.concurrent.PriorityBlockingQueue",
            "java.util.concurrent.SynchronousQueue",
            "java.util.concurrent.LinkedTransferQueue",
            "java.util.concurrent.DelayQueue",
            "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");
    private static final Set<String> SIGNALS = Set.of(
            "java.util.concurrent.FutureTask",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.CountDownLatch",
            "java.util.concurrent.CyclicBarrier",
            "java.util.concurrent.Phaser",
            "java.util.concurrent.Exchanger",
            "java.util.concurrent.ForkJoinTask",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject",
            "java.util.concurrent.locks.AbstractQueuedLongSynchronizer$ConditionObject");

    /** Between the wait and the loop that fetches work, in pools that are not the JDK's. */
    private static final Set<String> WORK_QUEUES = Set.of(
            "org.apache.tomcat.util.threads.TaskQueue",
            "org.eclipse.jetty.util.BlockingArrayQueue",
            "org.jboss.threads.EnhancedQueueExecutor$PoolThreadNode");

    private static final Pattern READING =
            Pattern.compile("(?i)read|stat|list|exist|length|canonicalize|access|attributes");

    private StackReading() {}

    /**
     * What the innermost frames say the thread was doing.
     *
     * @param state name of the Thread.State; empty if not known
     */
    static Doing doing(Stack stack, String state) {
        if (state.equals("BLOCKED")) {
            return Doing.WAITS_FOR_LOCK;
        }
        if (isIdle(stack)) {
            return Doing.WAITS_FOR_WORK;
        }
        for (Frame frame :
                stack.frames().subList(0, Math.min(TOP, stack.frames().size()))) {
            if (!frame.isJdk()) {
                break;
            }
            Doing doing = ofFrame(frame);
            if (doing == Doing.WAITS_FOR_LOCK && waitsForCount(stack)) {
                return Doing.WAITS_FOR_SIGNAL;
            }
            if (doing != Doing.UNKNOWN) {
                return doing == Doing.WAITS_FOR_SIGNAL ? elsewhere(stack).orElse(doing) : doing;
            }
        }
        if (stack.isEmpty()) {
            return Doing.UNKNOWN;
        }
        // whoever waits stands in the JDK: else the state was read a moment before or after the stack
        boolean waits = state.contains("WAITING") && stack.frames().get(0).isJdk();
        return waits ? Doing.WAITS_FOR_SIGNAL : Doing.RUNS;
    }

    /** A latch is acquired like a lock. */
    private static boolean waitsForCount(Stack stack) {
        return stack.frames().stream()
                .takeWhile(Frame::isJdk)
                .anyMatch(frame -> frame.className().equals("java.util.concurrent.CountDownLatch"));
    }

    /** The JDK waits for a program's end, and for the answer to a request, as for any signal; what it waits for comes from outside. */
    static Optional<Doing> elsewhere(Stack stack) {
        for (Frame frame : stack.frames()) {
            if (!frame.isJdk()) {
                break;
            }
            if (PROCESS_CLASSES.contains(frame.className())) {
                return Optional.of(Doing.WAITS_FOR_PROCESS);
            }
            if (frame.className().equals("jdk.internal.net.http.HttpClientImpl")
                    && frame.method().equals("send")) {
                return Optional.of(Doing.WAITS_FOR_ANSWER);
            }
        }
        return Optional.empty();
    }

    private static Doing ofFrame(Frame frame) {
        String type = frame.className();
        String method = frame.method();
        if (type.equals("java.lang.Thread") && method.startsWith("sleep")) {
            return Doing.SLEEPS;
        }
        if (type.equals("java.lang.Object") && method.startsWith("wait")) {
            return Doing.WAITS_FOR_SIGNAL;
        }
        if (SELECTING.contains(type + "." + method)) {
            return Doing.WAITS_FOR_WORK;
        }
        if (SOCKET_CLASSES.contains(type)) {
            return method.toLowerCase(java.util.Locale.ROOT).contains("write")
                    ? Doing.WRITES_SOCKET
                    : Doing.READS_SOCKET;
        }
        if (FILE_CLASSES.contains(type)) {
            return ofFile(method);
        }
        if (HOST_CLASSES.contains(type)) {
            return Doing.LOOKS_UP_HOST;
        }
        if (PROCESS_CLASSES.contains(type)) {
            return Doing.WAITS_FOR_PROCESS;
        }
        if (SIGNALS.contains(type)) {
            return Doing.WAITS_FOR_SIGNAL;
        }
        if (QUEUES.contains(type)) {
            return Doing.WAITS_FOR_QUEUE;
        }
        return type.startsWith("java.util.concurrent.locks.") && method.startsWith("acquire")
                ? Doing.WAITS_FOR_LOCK
                : Doing.UNKNOWN;
    }

    private static Doing ofFile(String method) {
        if (method.equals("lock") || method.equals("lock0")) {
            return Doing.LOCKS_FILE;
        }
        if (method.startsWith("open")) {
            return Doing.OPENS_FILE;
        }
        return READING.matcher(method).find() ? Doing.READS_FILE : Doing.WRITES_FILE;
    }

    /** Whether the thread waits for work: in a pool's or a system thread's own loop, with nothing of the application above it. */
    static boolean isIdle(Stack stack) {
        List<Frame> frames = stack.frames();
        for (Frame frame : frames) {
            if (isWorkLoop(frame)) {
                return true;
            }
            if (!frame.isJdk() && !WORK_QUEUES.contains(frame.className())) {
                return false;
            }
        }
        return false;
    }

    /** Whether a wait of this kind is for work if its stack says so: the agent's snapshot may not have had the stack. */
    static boolean mayBeIdle(WaitKind kind) {
        return !kind.isLock() || kind == WaitKind.SEMAPHORE;
    }

    private static boolean isWorkLoop(Frame frame) {
        return switch (frame.className()) {
            case "java.util.concurrent.ThreadPoolExecutor" -> frame.method().equals("getTask");
            case "java.util.concurrent.ForkJoinPool" ->
                frame.method().equals("awaitWork") || frame.method().equals("runWorker");
            case "java.util.TimerThread" -> frame.method().equals("mainLoop");
            case "org.apache.tomcat.util.threads.ThreadPoolExecutor" ->
                frame.method().equals("getTask");
            case "org.eclipse.jetty.util.thread.QueuedThreadPool",
                    "org.eclipse.jetty.util.thread.QueuedThreadPool$Runner" ->
                frame.method().equals("idleJobPoll");
            case "org.eclipse.jetty.util.thread.ReservedThreadExecutor$ReservedThread" ->
                frame.method().equals("waitForTask") || frame.method().equals("reservedWait");
            case "org.jboss.threads.EnhancedQueueExecutor$ThreadBody",
                    "org.quartz.simpl.SimpleThreadPool$WorkerThread",
                    "org.quartz.core.QuartzSchedulerThread" -> frame.method().equals("run");
            case "kotlinx.coroutines.scheduling.CoroutineScheduler$Worker" ->
                frame.method().equals("park");
            case "java.lang.ref.Reference$ReferenceHandler", "jdk.jfr.internal.PlatformRecorder" -> true;
            case "java.lang.ref.ReferenceQueue" -> frame.method().startsWith("remove");
            case "io.netty.channel.epoll.Native" -> frame.method().startsWith("epollWait");
            case "io.netty.channel.kqueue.Native" -> frame.method().startsWith("keventWait");
            default -> SELECTING.contains(frame.className() + "." + frame.method());
        };
    }
}
