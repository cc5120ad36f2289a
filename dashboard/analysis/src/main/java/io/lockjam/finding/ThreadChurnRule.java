// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds threads that are started and ended at a rate a pool would spare.
 *
 * <p>Five platform threads of one name group a second, four fifths of them ended again: a start costs about 60 to 100 µs and a stack.
 * Virtual threads are made to be started, so they never count.
 */
record ThreadChurnRule(double minPerSecond, double minEnded, int minSeconds) implements Rule<Situation> {
    static final ThreadChurnRule DEFAULT = new ThreadChurnRule(5, 0.8, 3);

    /** What CompletableFuture uses until JDK 24 instead of a common pool of one thread. */
    private static final String THREAD_FOR_EACH_TASK = "java.util.concurrent.CompletableFuture$ThreadPerTaskExecutor";

    /** Where a pool's thread starts another one in its place: after an exception, or below the core size. */
    private static final String REPLACEMENT = "java.util.concurrent.ThreadPoolExecutor.processWorkerExit";

    private static final String NEW_WORKER = "java.util.concurrent.ThreadPoolExecutor.addWorker";

    @Override
    public Kind kind() {
        return Kind.THREAD_CHURN;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        if (all.seconds() < minSeconds) {
            return notYet("thread starts: seen for less than " + minSeconds + " s");
        }
        return Verdict.of(ThreadStarts.of(all).stream()
                .filter(each -> each.started() / all.seconds() >= minPerSecond && endsAgain(each, all))
                .map(each -> finding(each, all))
                .toList());
    }

    /**
     * Whether nearly all have ended; or, as long as no end of the starts is seen, more than where threads only grow: clients that are dropped and never
     * closed keep their threads until the garbage collector finds them.
     */
    private boolean endsAgain(ThreadStarts starts, Situation all) {
        return starts.endedShare() >= minEnded
                || starts.endedShare() > ThreadLeakRule.DEFAULT.maxEnded()
                        && all.seconds() >= ThreadLeakRule.DEFAULT.minSeconds()
                        && starts.goOn(all);
    }

    private Finding finding(ThreadStarts starts, Situation all) {
        double rate = starts.started() / all.seconds();
        boolean replaced = starts.isIn(REPLACEMENT);
        String at = starts.origin()
                .own()
                .filter(frame -> !replaced)
                .map(frame -> " at " + Words.place(frame))
                .orElse("");
        String replacement = replaced ? ": exceptions that leave tasks end them, and their pool starts others" : at;
        Text text = new Text(
                "%s threads %s are started a second and end again%s."
                        .formatted(Words.number(rate), starts.named(all), replacement),
                Words.count(starts.started(), "thread") + " were started and " + starts.ended() + " ended in "
                        + Words.time(all.range().length()) + ".",
                "Each start costs 60 to 100 µs and a stack: about " + Words.millis(rate * 0.08) + " of each second"
                        + (replaced ? "." : ", and no limit on how many run at once."),
                change(starts, at),
                replaced
                        ? "The pool's threads stay, and starts fall to none."
                        : "No more than the pool's size run at once, and starts fall to none.",
                "Exact: starts and ends are counted.",
                "At least %s starts a second, %s of them ended; here %s and %s."
                        .formatted(
                                Words.number(minPerSecond),
                                Words.percent(minEnded),
                                Words.number(rate),
                                Words.percent(starts.endedShare())));
        return new Finding.ThreadChurn(details(starts, all, text));
    }

    private static String change(ThreadStarts starts, String at) {
        if (starts.isIn(REPLACEMENT)) {
            return "Catch exceptions in the tasks and say what went wrong: one that leaves a task given to execute ends the thread.";
        }
        boolean forEachTask = starts.isIn(THREAD_FOR_EACH_TASK);
        Optional<Frame> library = starts.origin().site().filter(frame -> Libraries.has(frame.className()));
        if (library.isPresent() && !forEachTask) {
            return "A library starts them at " + Words.place(library.get()) + LentOutRule.calledFrom(starts.origin())
                    + ": ask it for less there, or let it use an executor, if it has a setting for that.";
        }
        Optional<String> maker = maker(starts.origin());
        if (maker.isPresent()) {
            return "Make one " + maker.get() + " and share it, in place of a new one for each call" + at
                    + "; close each when it is done with, if it must be a new one.";
        }
        if (starts.isIn(NEW_WORKER)) {
            return "Keep one pool for all calls in place of a new one for each" + at
                    + "; where it is one pool, let its threads stay (corePoolSize, keepAliveTime).";
        }
        return forEachTask
                ? "Give the asynchronous calls of CompletableFuture, or the library that makes them, an executor with a fixed number of"
                        + " threads: without one they use the common pool, and where this has but one thread, as on two cores,"
                        + " they start a thread for each task. Where a library has no setting for it, start the program with"
                        + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=2."
                : "Hand the work to a pool with a fixed number of threads" + at + ".";
    }

    /** The class of the JDK, no pool, that the application calls and that starts threads of its own: a client or a timer. */
    private static Optional<String> maker(Stack origin) {
        List<Frame> frames = origin.frames();
        int own = 0;
        while (own < frames.size() && !frames.get(own).isOwn()) {
            own++;
        }
        return own == 0 || own == frames.size()
                ? Optional.empty()
                : Optional.of(frames.get(own - 1))
                        .filter(frame -> frame.isJdk()
                                && !frame.className().startsWith("java.lang.")
                                && !frame.className().startsWith("java.util.concurrent."))
                        .map(frame -> Words.simple(frame.className()));
    }

    static Details details(ThreadStarts starts, Situation all, Text text) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("started", starts.started());
        evidence.put("ended", starts.ended());
        List<Place> where = starts.origin()
                .own()
                .map(frame -> List.of(new Place("creator", frame, starts.origin())))
                .orElse(List.of());
        List<String> threads = starts.threads(all).stream()
                .map(thread -> thread.thread().label())
                .limit(20)
                .toList();
        return new Details(
                starts.key(),
                all.range(),
                new Subject("thread", "java.lang.Thread", starts.key(), "0", ""),
                text,
                new Impact(0, starts.started()),
                where,
                threads,
                evidence,
                List.of());
    }
}
