// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.Account;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.ThreadWindow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds pools of which all threads stand in calls to a server that does not answer, while tasks are queued: the server hangs, or it is the program
 * itself, whose answers are queued behind those that wait for them.
 *
 * <p>The operating system says that no thread was switched, so nothing came at all: whoever serves a connection is switched with each request.
 * Threads that idle, and yet take none of the tasks that are queued, serve the pool itself: an acceptor, a selector.
 */
record PoolStandsRule(Duration minAge, double minInCall, double mostSwitches) implements Rule<PoolWindow> {
    static final PoolStandsRule DEFAULT = new PoolStandsRule(CodeOwners.MIN_AGE, 0.9, 0.2);

    /** Stacks that are looked at: the times of all say that they stand in I/O. */
    private static final int MOST_STACKS = 8;

    @Override
    public Kind kind() {
        return Kind.POOL_STARVATION;
    }

    @Override
    public Verdict check(PoolWindow pool, Situation all) {
        PoolTrouble trouble = new PoolTrouble(pool, all);
        boolean idle = !trouble.ofThreads() || pool.queueDepth() <= 0 || pool.completions() > 0 || pool.size() <= 0;
        if (idle || pool.observed().compareTo(minAge) < 0) {
            return Verdict.CLEAR;
        }
        List<ThreadWindow> staff = trouble.staff();
        List<ThreadWindow> workers = staff.stream().filter(this::stands).toList();
        int others = staff.size() - workers.size();
        if (staff.size() < pool.size() || others > workers.size() || !(others == 0 || allTaken(pool, staff))) {
            return Verdict.CLEAR;
        }
        List<Holder> calls = workers.stream()
                .limit(MOST_STACKS)
                .map(worker -> all.session().doing(worker.thread(), all.range().to()))
                .toList();
        return calls.stream().allMatch(PoolStandsRule::isCall)
                ? new Verdict.Found(finding(trouble, workers.size(), calls.get(0), place(calls, workers)))
                : Verdict.CLEAR;
    }

    /** Whether by its own count the pool has no thread left, and those that stand in no call idle all the same. */
    private boolean allTaken(PoolWindow pool, List<ThreadWindow> staff) {
        return pool.busyMean() >= minInCall * pool.size()
                && staff.stream()
                        .allMatch(thread -> stands(thread) || thread.account().share(Account.Part.IDLE) >= minInCall);
    }

    /** A sample of a thread in a native method may have that frame alone: then another stack tells where its caller stands. */
    private static Optional<Place> place(List<Holder> calls, List<ThreadWindow> workers) {
        return Stream.concat(calls.stream().map(Holder::stack), workers.stream().map(ThreadWindow::stack))
                .flatMap(stack -> stack.own().map(frame -> new Place("task", frame, stack)).stream())
                .filter(place -> !place.frame().isJdk())
                .findFirst();
    }

    /** Whether a thread does nothing but stand in a call or sleep. */
    boolean stands(ThreadWindow worker) {
        double inCall =
                worker.account().share(Account.Part.IO) + worker.account().share(Account.Part.ASLEEP);
        return inCall >= minInCall
                && worker.voluntarySwitchesPerSecond() <= mostSwitches
                && worker.seen().compareTo(minAge) >= 0;
    }

    static boolean isCall(Holder holder) {
        return holder.doing() == Doing.READS_SOCKET
                || holder.doing() == Doing.WRITES_SOCKET
                || holder.doing() == Doing.LOOKS_UP_HOST;
    }

    private Finding finding(PoolTrouble trouble, int standing, Holder call, Optional<Place> where) {
        PoolWindow pool = trouble.pool;
        String at = where.map(place -> " at " + Words.place(place.frame())).orElse("");
        String queued = Words.count(pool.queueDepth(), "task");
        boolean one = standing == 1;
        boolean some = standing < pool.size();
        String all = pool.size() == 1
                ? "The only thread"
                : some ? standing + " of the " + pool.size() + " threads" : "All " + pool.size() + " threads";
        Text text = new Text(
                "%s of %s %s in a call that does not end while %s %s queued: a task %s%s."
                        .formatted(
                                all,
                                pool.name(),
                                one ? "stands" : "stand",
                                queued,
                                pool.queueDepth() == 1 ? "is" : "are",
                                call.doing().words(),
                                at),
                "No task has ended in " + Words.time(pool.observed())
                        + ", and none of the threads was switched: nothing has come. Either the other end hangs, or it is this program,"
                        + " and its answers are queued behind those that wait for them."
                        + (some ? " The other threads serve the pool itself and take no task." : ""),
                Words.count(standing, "thread") + " and " + queued + " stand still until the call ends.",
                "Give the call" + at
                        + " a time-out (for connecting and for reading). If this program answers it, call the code itself, or answer such requests"
                        + " in a pool of their own.",
                "A task that gives up after t seconds lets the pool do at least " + standing + " ÷ t tasks a second.",
                "Exact: no task ended, and the operating system counted no switches; which end hangs is not known.",
                "All threads of the pool that run tasks in such calls for at least " + Words.time(minAge) + "; here "
                        + Words.time(pool.observed()) + ".");
        Impact impact = new Impact(standing + (double) pool.queueDepth(), standing);
        return new Finding.PoolStarvation(
                trouble.details(text, impact, where.stream().toList()), pool);
    }
}
