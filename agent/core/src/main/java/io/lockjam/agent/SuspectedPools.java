// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.PoolRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pools that nobody told us of, known by their threads: names that differ in numbers only, one class at the root of their
 * stacks, and at least one of them seen waiting for work.
 *
 * <p>Only how many threads there are, and how many do not wait for work, is known of them.
 */
final class SuspectedPools {
    /** Kinds of threads kept; more are left out. */
    private static final int MOST = 200;

    /** Stacks for this come out of the same budget as all others; most is left to those. */
    private static final double RESERVE = 0.6;

    /** What lies below the root of a pool's threads. */
    private static final List<String> BELOW =
            List.of("java.lang.Thread", "java.lang.VirtualThread", "io.netty.util.", "java.util.concurrent.Executors$");

    /** Pools that have a reader of their own, threads of the JVM, and what is no pool. */
    private static final List<String> KNOWN = List.of(
            "java.",
            "jdk.",
            "sun.",
            "io.lockjam.",
            "org.apache.tomcat.util.threads.",
            "org.eclipse.jetty.util.thread.QueuedThreadPool",
            "org.jboss.threads.",
            "org.xnio.XnioWorker",
            "kotlinx.coroutines.scheduling.");

    /** Parts of class names that only threads with an event loop have on their stacks. */
    private static final List<String> LOOPS = List.of(
            "io.netty.channel.", "io.netty.util.concurrent.SingleThreadEventExecutor", "org.xnio.nio.WorkerThread");

    private final ThreadAccess access;
    private final StackBudget budget;
    private final Map<String, Group> groups = new HashMap<>();
    private long sentAt = System.nanoTime();

    SuspectedPools(ThreadAccess access, StackBudget budget) {
        this.access = access;
        this.budget = budget;
    }

    /** Threads with one pattern of names. */
    private static final class Group {
        int threads;
        int busy;
        boolean everIdle;
        boolean examined;
        boolean loop;
        /** Null if this is no pool of its own. */
        @Nullable
        String root;
    }

    /** A thread of the snapshot being taken. */
    void see(Thread thread, char letter, long now) throws Throwable {
        String pattern = pattern(thread.getName());
        Group group = groups.get(pattern);
        if (group == null) {
            if (groups.size() == MOST) {
                return;
            }
            group = new Group();
            groups.put(pattern, group);
        }
        group.threads++;
        boolean idle = letter == 'W';
        group.everIdle |= idle;
        group.busy += idle ? 0 : 1;
        if (group.threads == 2 && !group.examined && idle && budget.take(now, RESERVE)) {
            examine(group, access.stack(thread));
        }
    }

    /** The snapshot is complete. */
    void send(FactSink sink, long now) {
        long interval = now - sentAt;
        sentAt = now;
        groups.values().removeIf(group -> group.threads == 0);
        groups.forEach((pattern, group) -> {
            if (group.root != null && group.everIdle && group.threads > 1) {
                sink.totals().pool(row(pattern, group, group.root, interval));
            }
            group.threads = 0;
            group.busy = 0;
        });
    }

    private static void examine(Group group, StackTraceElement[] frames) {
        group.examined = frames.length > 0;
        for (int i = frames.length - 1; i >= 0 && group.root == null; i--) {
            String type = frames[i].getClassName();
            if (!startsWith(type, BELOW) && !type.contains("$$Lambda")) {
                if (startsWith(type, KNOWN) && !hasLoop(frames)) {
                    return;
                }
                group.root = type;
            }
        }
        group.loop = hasLoop(frames);
    }

    private static boolean hasLoop(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            if (startsWith(frame.getClassName(), LOOPS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(String type, List<String> prefixes) {
        return prefixes.stream().anyMatch(type::startsWith);
    }

    private static PoolRow row(String pattern, Group group, String root, long interval) {
        return new PoolRow(
                root,
                pattern.hashCode() & Integer.MAX_VALUE,
                Redaction.of(pattern),
                group.loop ? "event-loop" : "workers",
                group.threads,
                -1,
                -1,
                group.busy,
                group.busy * interval,
                0,
                -1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "",
                "",
                0,
                0,
                0,
                0,
                group.busy,
                0,
                0,
                null,
                0,
                null,
                interval);
    }

    private static String pattern(String name) {
        StringBuilder pattern = new StringBuilder(name.length());
        boolean inNumber = false;
        for (int i = 0; i < name.length(); i++) {
            boolean digit = Character.isDigit(name.charAt(i));
            if (!digit || !inNumber) {
                pattern.append(digit ? '#' : name.charAt(i));
            }
            inNumber = digit;
        }
        return pattern.toString();
    }
}
