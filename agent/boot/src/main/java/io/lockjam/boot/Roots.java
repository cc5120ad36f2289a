// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a thread has come into woven code that nobody in woven code has called: told from what is below it on the stack. */
final class Roots {
    private static final int DEEPEST = 40;
    private static final String JUC = "java.util.concurrent.";

    private static final StackWalker WALKER = StackWalker.getInstance(
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));
    private static final Scan SCAN = new Scan();

    private Roots() {}

    /** What is between the thread's begin and the woven code. */
    enum Way {
        /** Nothing: it is the thread's own run method. */
        THREAD,
        /** An executor of the JDK that runs it as a task, and nothing else. */
        TASK,
        OTHER
    }

    /**
     * A way in.
     *
     * @param task class of what was run; null if that is not known
     */
    record Root(Way way, @Nullable Class<?> task) {}

    static final Root OTHER = new Root(Way.OTHER, null);

    static Root find() {
        return WALKER.walk(SCAN);
    }

    private static final class Scan implements Function<Stream<StackFrame>, Root> {
        @Override
        public Root apply(Stream<StackFrame> frames) {
            Iterator<StackFrame> all = frames.limit(DEEPEST + 1).iterator();
            Class<?> task = null;
            Way way = Way.THREAD;
            int depth = 0;
            while (all.hasNext()) {
                Class<?> type = all.next().getDeclaringClass();
                String name = type.getName();
                if (task == null && name.startsWith("io.lockjam.boot.")) {
                    continue;
                }
                if (depth++ == DEEPEST) {
                    return OTHER;
                }
                if (task == null || (depth == 2 && type.isHidden() && CallKind.isWoven(name))) {
                    task = type;
                } else if (isExecutor(name)) {
                    way = Way.TASK;
                } else if (!isThread(name)) {
                    return OTHER;
                }
            }
            return new Root(way, task);
        }
    }

    private static boolean isThread(String name) {
        return name.equals("java.lang.Thread")
                || name.startsWith("java.lang.VirtualThread")
                || name.startsWith("jdk.internal.vm.");
    }

    /** Not those that run a task after another one: a scheduled task, a stage of a CompletableFuture. */
    private static boolean isExecutor(String name) {
        return name.startsWith(JUC)
                && (name.equals(JUC + "FutureTask")
                        || name.equals(JUC + "Executors$RunnableAdapter")
                        || name.equals(JUC + "ThreadPoolExecutor")
                        || name.equals(JUC + "ThreadPoolExecutor$Worker")
                        || name.startsWith(JUC + "ForkJoin")
                        || name.startsWith(JUC + "Recursive")
                        || name.equals(JUC + "CompletableFuture$AsyncRun")
                        || name.equals(JUC + "CompletableFuture$AsyncSupply")
                        || name.startsWith(JUC + "ThreadPerTaskExecutor"));
    }
}
