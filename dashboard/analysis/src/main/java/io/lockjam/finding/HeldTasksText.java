// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says of a pool whose threads all wait inside tasks what they wait for: for tasks queued behind them only if that is shown. A latch may have been left
 * by a task that failed, a lock of a library may be kept, and no task in a queue ends a thread.
 */
final class HeldTasksText {
    private final PoolWindow pool;
    private final HeldTasks waiting;
    private final List<Place> where;
    private final Duration minAge;

    HeldTasksText(PoolWindow pool, HeldTasks waiting, List<Place> where, Duration minAge) {
        this.pool = pool;
        this.waiting = waiting;
        this.where = where;
        this.minAge = minAge;
    }

    /** @param forQueued whether tasks of the pool are known to be waited for */
    Text text(boolean forQueued, Situation all) {
        return new Text(
                forQueued ? whatQueued() : what(),
                forQueued ? whyQueued() : why(all),
                Words.count(waiting.size(), "thread")
                        + " will never go on unless a time-out ends " + (waiting.size() == 1 ? "its" : "their")
                        + " wait; nothing was completed meanwhile.",
                forQueued ? changeQueued() : change(),
                forQueued
                        ? "Inner tasks that need not queue behind their callers always find a thread."
                        : "The threads of the pool take their next tasks.",
                "Exact: every thread of the pool was found in such a wait, and no task ended.",
                "All threads of the pool in such waits for at least " + Words.time(minAge) + "; here "
                        + Words.time(waiting.age()) + ".");
    }

    private boolean one() {
        return waiting.size() == 1;
    }

    private String at() {
        return where.isEmpty() ? "" : " at " + Words.place(where.get(0).frame());
    }

    private String threads() {
        return (one() ? "The only thread" : waiting.size() == 2 ? "Both threads" : "All " + waiting.size() + " threads")
                + " of " + pool.name();
    }

    private String whatQueued() {
        return "%s wait%s for tasks that are queued behind %s (%s so far)%s."
                .formatted(threads(), one() ? "s" : "", one() ? "it" : "them", Words.time(waiting.age()), at());
    }

    private String what() {
        return "%s wait%s inside %s (%s so far)%s, while %s %s queued."
                .formatted(
                        threads(),
                        one() ? "s" : "",
                        one() ? "a task" : "tasks",
                        Words.time(waiting.age()),
                        at(),
                        Words.count(pool.queueDepth(), "task"),
                        pool.queueDepth() == 1 ? "is" : "are");
    }

    private String whyQueued() {
        return waiting.does() + " while " + Words.count(pool.queueDepth(), "task") + " that could give it "
                + (pool.queueDepth() == 1 ? "is" : "are") + " in the queue and no thread is free.";
    }

    private String why(Situation all) {
        if (forThreads()) {
            return (one() ? "It" : "Each") + " waits for the end of another thread" + thread(all)
                    + ", and no thread of the pool is free for the tasks in the queue.";
        }
        return waiting.does()
                + ". It is not seen who is to give it: a queued task finds no thread to run on; and one that has failed gives nothing any"
                + " more, if an exception keeps it from the call that ends the wait.";
    }

    private boolean forThreads() {
        return waiting.forResults().get(0).kind() == WaitKind.JOIN;
    }

    /** The one that the first waits for, with what it does; empty if it is not known. */
    private String thread(Situation all) {
        Optional<ThreadRef> owner = waiting.forResults().stream()
                .map(WaitForGraph.Edge::owner)
                .filter(Objects::nonNull)
                .map(ThreadRef.class::cast)
                .findFirst();
        if (owner.isEmpty()) {
            return "";
        }
        Holder holder = all.session().doing(owner.get(), all.range().to());
        boolean seen = holder.doing() != Doing.UNKNOWN;
        return " (" + owner.get().label() + (seen ? ", which " + holder.doing().words() : "")
                + holder.site()
                        .filter(site -> seen)
                        .map(site -> " at " + Words.place(site))
                        .orElse("")
                + ")";
    }

    private String changeQueued() {
        return "Do not wait for a task of " + pool.name() + " inside one of its tasks" + at() + ": "
                + PoolSettings.compose(pool) + ".";
    }

    private String change() {
        if (forThreads()) {
            return "Give the wait" + at() + " a limit, or see that the thread ends: close what it reads, or stop it.";
        }
        return "Find who is to end the wait" + at()
                + ". If it may fail before, let it do so in a finally block (countDown, complete, unlock). If it is a task of "
                + pool.name() + ", " + PoolSettings.compose(pool) + ".";
    }
}
