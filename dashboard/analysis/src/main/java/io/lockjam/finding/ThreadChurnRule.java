// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.window.Session;
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
        for (Map.Entry<String, Session.GroupCount> each :
                all.session().groups(all.range()).entrySet()) {
            Session.GroupCount count = each.getValue();
            double rate = count.started() / all.seconds();
            boolean churn = !each.getKey().startsWith("virtual:")
                    && rate >= minPerSecond
                    && count.ended() >= minEnded * count.started();
            if (churn) {
                return new Verdict.Found(finding(each.getKey(), count, rate, all));
            }
        }
        return Verdict.CLEAR;
    }

    private Finding finding(String group, Session.GroupCount count, double rate, Situation all) {
        boolean replaced = isIn(count.origin(), REPLACEMENT);
        String at = count.origin()
                .own()
                .filter(frame -> !replaced)
                .map(frame -> " at " + Words.place(frame))
                .orElse("");
        String replacement = replaced ? ": exceptions that leave tasks end them, and their pool starts others" : at;
        Text text = new Text(
                "%s threads named %s are started a second and end again%s."
                        .formatted(Words.number(rate), all.groupName(group), replacement),
                Words.count(count.started(), "thread") + " were started and " + count.ended() + " ended in "
                        + Words.time(all.range().length()) + ".",
                "Each start costs 60 to 100 µs and a stack: about " + Words.millis(rate * 0.08) + " of each second"
                        + (replaced ? "." : ", and no limit on how many run at once."),
                change(count.origin(), at),
                replaced
                        ? "The pool's threads stay, and starts fall to none."
                        : "No more than the pool's size run at once, and starts fall to none.",
                "Exact: starts and ends are counted.",
                "At least %s starts a second, %s of them ended; here %s and %s."
                        .formatted(
                                Words.number(minPerSecond),
                                Words.percent(minEnded),
                                Words.number(rate),
                                Words.percent((double) count.ended() / Math.max(1, count.started()))));
        return new Finding.ThreadChurn(details(group, count.origin(), all, text, count));
    }

    private static boolean isIn(Stack stack, String place) {
        return stack.frames().stream()
                .anyMatch(frame ->
                        place.equals(frame.className()) || place.equals(frame.className() + "." + frame.method()));
    }

    private static String change(Stack origin, String at) {
        if (isIn(origin, REPLACEMENT)) {
            return "Catch exceptions in the tasks and say what went wrong: one that leaves a task given to execute ends the thread.";
        }
        Optional<Frame> library = origin.site().filter(frame -> Libraries.has(frame.className()));
        if (library.isPresent() && !isIn(origin, THREAD_FOR_EACH_TASK)) {
            return "A library starts them at " + Words.place(library.get()) + LentOutRule.calledFrom(origin)
                    + ": ask it for less there, or let it use an executor, if it has a setting for that.";
        }
        if (isIn(origin, NEW_WORKER)) {
            return "Keep one pool for all calls in place of a new one for each" + at
                    + "; where it is one pool, let its threads stay (corePoolSize, keepAliveTime).";
        }
        return isIn(origin, THREAD_FOR_EACH_TASK)
                ? "Give the asynchronous calls of CompletableFuture, or the library that makes them, an executor with a fixed number of"
                        + " threads: without one they use the common pool, and where this has but one thread, as on two cores,"
                        + " they start a thread for each task. Where a library has no setting for it, start the program with"
                        + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=2."
                : "Hand the work to a pool with a fixed number of threads" + at + ".";
    }

    static Details details(String group, Stack origin, Situation all, Text text, Session.GroupCount count) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("started", count.started());
        evidence.put("ended", count.ended());
        List<Place> where = origin.own()
                .map(frame -> List.of(new Place("creator", frame, origin)))
                .orElse(List.of());
        List<String> threads = all.threads().stream()
                .filter(thread -> thread.group().equals(group))
                .map(thread -> thread.thread().label())
                .limit(20)
                .toList();
        return new Details(
                group,
                all.range(),
                new Subject("thread", "java.lang.Thread", group, "0", ""),
                text,
                new Impact(0, count.started()),
                where,
                threads,
                evidence,
                List.of());
    }
}
