// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.Collection;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/** Reads fork-join pools and scheduled tasks past their getters, which can be overridden, and names of threads. */
final class PoolAccess {
    private static final @Nullable MethodHandle DUE = Access.getter(Types.SCHEDULED_TASK, "time", long.class);

    private static final @Nullable MethodHandle FORK_SIZE = forkJoin("getPoolSize", int.class);
    private static final @Nullable MethodHandle FORK_PARALLELISM = forkJoin("getParallelism", int.class);
    private static final @Nullable MethodHandle FORK_ACTIVE = forkJoin("getActiveThreadCount", int.class);
    private static final @Nullable MethodHandle FORK_SUBMITTED = forkJoin("getQueuedSubmissionCount", int.class);
    private static final @Nullable MethodHandle FORK_QUEUED = forkJoin("getQueuedTaskCount", long.class);
    private static final @Nullable MethodHandle FORK_STOLEN = forkJoin("getStealCount", long.class);
    private static final @Nullable MethodHandle FORK_NAME =
            Access.getter(ForkJoinPool.class, "workerNamePrefix", String.class);

    private static final @Nullable MethodHandle FORK_QUEUES =
            Access.getter(ForkJoinPool.class, "queues", Types.named("[Ljava.util.concurrent.ForkJoinPool$WorkQueue;"));
    private static final @Nullable Class<?> FORK_QUEUE = Types.named("java.util.concurrent.ForkJoinPool$WorkQueue");
    private static final @Nullable MethodHandle FORK_OWNER =
            Access.getter(FORK_QUEUE, "owner", ForkJoinWorkerThread.class);
    private static final @Nullable MethodHandle FORK_BASE = Access.getter(FORK_QUEUE, "base", int.class);

    private PoolAccess() {}

    /** When a scheduled task of the JDK was to run, on the clock of System.nanoTime. */
    static long dueAt(Object task) throws Throwable {
        return DUE == null ? System.nanoTime() : Access.bigNumber(DUE, task);
    }

    static PoolView.@Nullable Look forkJoin(Object pool) throws Throwable {
        if (FORK_SIZE == null || FORK_PARALLELISM == null || FORK_ACTIVE == null || FORK_STOLEN == null) {
            return null;
        }
        int parallelism = Access.number(FORK_PARALLELISM, pool);
        long depth = (FORK_QUEUED == null ? 0 : Access.bigNumber(FORK_QUEUED, pool))
                + (FORK_SUBMITTED == null ? 0 : Access.number(FORK_SUBMITTED, pool));
        String named = forkJoinThreads(pool);
        return new PoolView.Look(
                Access.number(FORK_SIZE, pool),
                parallelism,
                parallelism,
                Access.number(FORK_ACTIVE, pool),
                (int) Math.min(Integer.MAX_VALUE, depth),
                -1,
                Math.max(Access.bigNumber(FORK_STOLEN, pool), taken(pool)),
                named == null ? forkJoinName(pool) : named);
    }

    /** Tasks taken from the queues of submitters: a worker that always finds another one there tells of no steal meanwhile. */
    private static long taken(Object pool) throws Throwable {
        Object queues = FORK_QUEUES == null ? null : Access.object(FORK_QUEUES, pool);
        long taken = 0;
        if (queues instanceof Object[] all && FORK_OWNER != null && FORK_BASE != null) {
            for (Object each : all) {
                boolean ofSubmitters = each != null && Access.object(FORK_OWNER, each) == null;
                taken += ofSubmitters ? Integer.toUnsignedLong(Access.number(FORK_BASE, each)) : 0;
            }
        }
        return taken;
    }

    private static String forkJoinName(Object pool) throws Throwable {
        String prefix = FORK_NAME == null ? null : (String) Access.object(FORK_NAME, pool);
        return prefix == null ? "ForkJoinPool.commonPool-worker-#" : prefix.concat("#");
    }

    /** By the names of its threads, which libraries choose; null if it has none. */
    private static @Nullable String forkJoinThreads(Object pool) throws Throwable {
        Object queues = FORK_QUEUES == null ? null : Access.object(FORK_QUEUES, pool);
        String name = null;
        if (queues instanceof Object[] all && FORK_OWNER != null) {
            int left = NAMED;
            for (int i = 0; i < all.length && left > 0; i++) {
                if (all[i] != null && Access.object(FORK_OWNER, all[i]) instanceof Thread owner) {
                    left--;
                    name = common(name, owner);
                }
            }
        }
        return numbered(name);
    }

    /** Of a large pool so many threads are asked for their name. */
    static final int NAMED = 16;

    /** What the names of the first threads in a set of the JDK have in common; null if there is none. */
    static @Nullable String name(@Nullable Object threads) {
        String name = null;
        if (threads instanceof Collection<?> all && all.getClass().getClassLoader() == null) {
            int left = NAMED;
            for (Object each : all) {
                if (left-- == 0) {
                    break;
                }
                name = each instanceof Thread thread ? common(name, thread) : name;
            }
        }
        return numbered(name);
    }

    /**
     * What the names of a pool's threads have in common: {@code pool-1-thread-#}. Of names that differ in more than numbers the shortest counts, since
     * tasks lengthen the names of the threads that run them, by what they do.
     *
     * @param one what those before have in common
     */
    static @Nullable String common(@Nullable String one, @Nullable Thread thread) {
        if (thread == null) {
            return one;
        }
        String other = thread.getName();
        if (one == null) {
            return other;
        }
        String pattern = masked(one);
        String theirs = masked(other);
        if (!pattern.equals(theirs)) {
            return theirs.length() < pattern.length() ? other : one;
        }
        StringBuilder common = new StringBuilder(one.length());
        int at = 0;
        for (int i = 0; i < one.length(); i++, at++) {
            int end = afterNumber(one, i);
            int otherEnd = afterNumber(other, at);
            boolean same = one.regionMatches(i, other, at, Math.max(end - i, otherEnd - at));
            common.append(end == i ? one.substring(i, i + 1) : same ? one.substring(i, end) : "#");
            i = Math.max(i, end - 1);
            at = Math.max(at, otherEnd - 1);
        }
        return common.toString();
    }

    private static int afterNumber(String name, int from) {
        int end = from;
        while (end < name.length() && (isDigit(name.charAt(end)) || name.charAt(end) == '#')) {
            end++;
        }
        return end;
    }

    /** Of a single thread the last number is taken for the one that varies; null if the threads have no names, as virtual ones. */
    static @Nullable String numbered(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        if (name.indexOf('#') >= 0) {
            return name;
        }
        int end = name.length();
        while (end > 0 && !isDigit(name.charAt(end - 1))) {
            end--;
        }
        int begin = end;
        while (begin > 0 && isDigit(name.charAt(begin - 1))) {
            begin--;
        }
        return begin == end ? name : name.substring(0, begin) + "#" + name.substring(end);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static @Nullable String pattern(@Nullable Thread thread) {
        return thread == null ? null : masked(thread.getName());
    }

    /** The name with every run of digits replaced by #. */
    static String masked(String name) {
        StringBuilder masked = new StringBuilder(name.length());
        boolean inDigits = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean digit = isDigit(c);
            if (!digit) {
                masked.append(c);
            } else if (!inDigits) {
                masked.append('#');
            }
            inDigits = digit;
        }
        return masked.toString();
    }

    private static @Nullable MethodHandle forkJoin(String name, Class<?> type) {
        return Access.nonVirtual(ForkJoinPool.class, name, type);
    }
}
