// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something read from the target, live or from a recording. Closed: every source yields these and every window eats these.
 *
 * <p>Instants are those of the target's clock. Identities are explained at {@link LockRef}.
 */
public sealed interface Fact {
    /** When it was true or, for something with a duration, when it ended. */
    Instant at();

    /**
     * A wait that ended.
     *
     * @param owner the holder when the wait began; null if there is none or it is not known
     * @param releasedBy who gave the lock up before the grant, or who notified; null if not known
     * @param weight waits this one stands for; 1 if every wait is reported
     * @param counted true if the waits of this lock are counted from these facts, false if {@link LockTotals} counts them
     * @param granted false if it ended by time-out or interruption
     */
    record WaitEnded(
            Instant at,
            Duration waited,
            WaitKind kind,
            LockRef lock,
            ThreadRef waiter,
            @Nullable ThreadRef owner,
            @Nullable ThreadRef releasedBy,
            Stack stack,
            int weight,
            boolean counted,
            boolean granted)
            implements Fact {}

    /** Exact sums of one lock over the interval that ends at {@code at}; estimated if {@code sampled}. */
    record LockTotals(
            Instant at,
            Duration interval,
            WaitKind kind,
            LockRef lock,
            long waits,
            Duration waited,
            Duration longest,
            Histogram histogram,
            long holds,
            Duration held,
            Duration longestHold,
            int waiting,
            boolean sampled)
            implements Fact {}

    /**
     * One BlockingQueue over the interval that ends at {@code at}.
     *
     * @param capacity -1 if unbounded, 0 for a hand-off queue
     * @param poolIdentity the pool whose work queue it is; null if none is known
     */
    record QueueTotals(
            Instant at,
            Duration interval,
            LockRef queue,
            int capacity,
            int depth,
            long putWaits,
            Duration putWaited,
            Histogram putHistogram,
            long takeWaits,
            Duration takeWaited,
            Histogram takeHistogram,
            Duration idleTakeWaited,
            @Nullable String poolIdentity)
            implements Fact {}

    /**
     * A thread found waiting by a snapshot.
     *
     * @param waitId the same in successive snapshots while the thread has not moved
     * @param idle waiting for work, not held up
     * @param weight threads in the same wait that this row stands for
     * @param missing counts or parties that have still to come before the wait ends; -1 if it is not known
     */
    record WaitingNow(
            Instant at,
            long snapshot,
            ThreadRef waiter,
            long waitId,
            WaitKind kind,
            LockRef lock,
            @Nullable ThreadRef owner,
            Duration soFar,
            boolean idle,
            int weight,
            int missing)
            implements Fact {
        /** A row of what is not counted. */
        public WaitingNow(
                Instant at,
                long snapshot,
                ThreadRef waiter,
                long waitId,
                WaitKind kind,
                LockRef lock,
                @Nullable ThreadRef owner,
                Duration soFar,
                boolean idle,
                int weight) {
            this(at, snapshot, waiter, waitId, kind, lock, owner, soFar, idle, weight, -1);
        }
    }

    /**
     * A stack taken from outside a thread.
     *
     * @param reason owner, waiter, asleep, yields, stands (runnable, but it uses no CPU), stuck, idle or pinned (a virtual thread that waits and keeps
     *     its carrier)
     * @param lock what the thread holds (owner) or waits for; null for other reasons
     */
    record StackSeen(
            Instant at,
            ThreadRef thread,
            String reason,
            @Nullable LockRef lock,
            String state,
            Stack stack) implements Fact {}

    /** A virtual thread in a Thread.State at one moment, at random among those that wait for nothing with a name. */
    record VirtualSeen(Instant at, ThreadRef thread, String state, Stack stack) implements Fact {}

    /**
     * States of platform threads at a snapshot; the snapshot is complete when all its parts are in.
     *
     * @param states by Java thread id; letters as in {@code io.lockjam.event.ThreadStatesEvent}
     * @param names new or repeated names by Java thread id
     * @param virtualThreads live virtual threads; -1 if not known
     */
    record ThreadStates(
            Instant at,
            long snapshot,
            Map<Long, Character> states,
            Map<Long, String> names,
            long virtualThreads,
            int part,
            int parts)
            implements Fact {}

    /**
     * What a thread did that was not waiting for a lock: it ran, slept, or was in a blocking call.
     *
     * @param carrier that a virtual thread kept; null of any other activity, and before JDK 24
     */
    record Activity(
            Instant at,
            Duration took,
            ThreadRef thread,
            ActivityKind kind,
            Stack stack,
            @Nullable String detail,
            @Nullable ThreadRef carrier)
            implements Fact {
        public Activity(
                Instant at, Duration took, ThreadRef thread, ActivityKind kind, Stack stack, @Nullable String detail) {
            this(at, took, thread, kind, stack, detail, null);
        }
    }

    /** The kinds of {@link Activity}. */
    enum ActivityKind {
        SLEEP,
        SOCKET_READ,
        SOCKET_WRITE,
        FILE_READ,
        FILE_WRITE,
        /** A sample of a thread on a core; {@code took} is the sampling period. */
        RUNNING,
        /** A sample of a thread in a native method; {@code took} is the sampling period. */
        NATIVE,
        /** A virtual thread that kept its carrier. */
        PINNED
    }

    /** All application threads stood still: a garbage collection or another safepoint. */
    record Pause(Instant at, Duration took, String cause) implements Fact {
        /** HotSpot's VM operation of {@code Instrumentation.retransformClasses}. */
        private static final String EXCHANGE = "RedefineClasses";

        /** That of {@code ThreadMXBean.getThreadInfo}. */
        private static final String DUMP = "ThreadDump";

        /** Whether it was for the stacks of threads, asked for by us or by others. */
        public boolean dumpsThreads() {
            return cause.contains(DUMP);
        }

        /** Whether it was for an exchange of classes, by us or by another agent. */
        public boolean exchangesClasses() {
            return cause.contains(EXCHANGE);
        }
    }

    /**
     * A loop came back to where it waits for events after a long turn.
     *
     * @param took from the end of its wait before
     * @param turns turns since the last such fact of the thread, this one included
     */
    record LoopTurn(Instant at, Duration took, ThreadRef thread, long turns) implements Fact {}

    /** A thread began; the stack is its creator's. */
    record ThreadStarted(
            Instant at, ThreadRef thread, @Nullable ThreadRef parent, Stack stack) implements Fact {}

    /** A thread ended. */
    record ThreadEnded(Instant at, ThreadRef thread) implements Fact {}

    /** One pool over the interval that ends at {@code at}; fields as in {@code io.lockjam.event.PoolTotalsEvent}. */
    record PoolTotals(
            Instant at,
            Duration interval,
            String className,
            String identity,
            @Nullable String name,
            String type,
            int size,
            int coreSize,
            int maxSize,
            int busy,
            Duration busyTime,
            int queueDepth,
            int queueCapacity,
            long arrivals,
            long completions,
            long rejections,
            long timed,
            Duration queueTime,
            Duration serviceTime,
            double serviceSquaresMicros,
            Duration cpuTime,
            Duration cpuServiceTime,
            Histogram queueHistogram,
            Histogram serviceHistogram,
            int waiters,
            PoolSamples samples,
            @Nullable SlotUse longest)
            implements Fact {}

    /** The slot of a pool that has been out longest: which thread took it, and where; the stack is empty if it was not sampled. */
    record SlotUse(String holder, Duration held, Stack stack) {}

    /** A task handed to a pool, sampled; the stack is the submitter's. */
    record TaskSubmitted(
            Instant at, ThreadRef submitter, String poolIdentity, String taskClass, int queueDepth, Stack stack)
            implements Fact {}

    /** The name that the code at a site has for the lock it takes there. */
    record Named(Instant at, String site, String name) implements Fact {}

    /** Two threads caught, or predicted, at conflicting accesses. */
    record RaceSeen(
            Instant at,
            String field,
            String target,
            String certainty,
            String identity,
            Access first,
            Access second,
            @Nullable String valueBefore,
            @Nullable String valueAfter)
            implements Fact {
        /** The form of {@link Named#site} for what one side makes a call on or takes an element of. */
        public String site(Access side) {
            return side.site(target, field);
        }
    }

    /**
     * One side of a race.
     *
     * @param call the method called on a shared object; null for a field or array access
     * @param locks held by the thread, as far as known
     */
    record Access(
            ThreadRef thread, boolean writes, @Nullable String call, Stack stack, List<String> locks) {
        /** Frames that tell one object from another where one place is reached in several ways. */
        private static final int CALLERS = 4;

        /** Between the use and its frames. */
        public static final String CALLED_FROM = " < ";

        /** The use and the innermost frames; several arrays of one line are told apart by their types and what is done. */
        private String site(String target, String type) {
            String element = target + " " + type + (writes ? " written" : " read");
            StringBuilder site = new StringBuilder(target.equals("call") ? "" + call : element);
            stack.frames().stream()
                    .limit(CALLERS)
                    .forEach(frame -> site.append(CALLED_FROM)
                            .append(frame.className())
                            .append('.')
                            .append(frame.method())
                            .append(':')
                            .append(frame.line()));
            return site.toString();
        }
    }

    /** A thread that held one lock asked for another; where it took the first is empty if waits have told of it. */
    record LockOrderSeen(
            Instant at,
            ThreadRef thread,
            LockRef held,
            String heldAt,
            LockRef wanted,
            Stack stack,
            List<String> gates,
            boolean tried)
            implements Fact {
        /** Before the identity in the site of a lock. */
        public static final String LOCK = "lock ";

        public boolean isFromWaits() {
            return heldAt.isEmpty();
        }

        /** The form of {@link Named#site} for a lock that is known by its identity. */
        public static String site(LockRef lock) {
            return LOCK + lock.identity();
        }

        public Named named(LockRef lock, String name) {
            return new Named(at, site(lock), name);
        }
    }

    /** What the operating system says of the threads; counters are for the interval that ends at {@code at}. */
    record OsUsage(Instant at, Duration interval, List<OsThread> threads, long throttledNanos, double quotaCores)
            implements Fact {}

    /** One row of {@link OsUsage}; -1 where not read. */
    record OsThread(long osId, long ranNanos, long runQueueNanos, long voluntary, long involuntary) {}

    /**
     * A program that the target has started waits for room in a pipe of which the target has the other end, and has not moved.
     *
     * @param stream what it writes to the pipe: output, errors, or both
     */
    record ChildStands(Instant at, long child, String command, String stream, Duration soFar) implements Fact {}

    /** CPU use of one thread, 0 to 1 of one core. */
    record ThreadCpu(Instant at, ThreadRef thread, double user, double system) implements Fact {}

    /** CPU use of the process and the machine, 0 to 1 of all cores. */
    record CpuLoad(Instant at, double process, double machine) implements Fact {}

    /** What the JDK tells of the JVM that was recorded; -1, 0 or an empty text where an event does not. */
    record JvmSeen(Instant at, long pid, String mainClass, String jdk, int processors, long startedMillis)
            implements Fact {}

    /** Context switches of the whole machine per second. */
    record SwitchRate(Instant at, double perSecond) implements Fact {}

    /** The agent's own cost and losses in the interval that ends at {@code at}, and what the target is. */
    record AgentStatus(
            Instant at,
            Duration interval,
            Duration cpuTime,
            Duration hookTime,
            long waitsSeen,
            long waitsSampled,
            long dropped,
            long faults,
            String depth,
            String version,
            long pid,
            String mainClass,
            String jdk,
            int processors,
            List<Long> ownThreads)
            implements Fact {}

    /**
     * A time that nothing is known of, or what was lost: how many, negative if not known, and what and why, as it follows on
     * a number ("bytes between two chunks are damaged").
     */
    record Gap(Instant at, Duration length, String reason, long lost) implements Fact {
        /** How many events that were, as far as it is known; 0 where bytes are counted. */
        public long events() {
            return reason.startsWith("bytes ") ? 0 : Math.max(0, lost);
        }
    }
}
