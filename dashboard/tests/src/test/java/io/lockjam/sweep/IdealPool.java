// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A pool without a machine: threads that share cores evenly, compute first and then wait. Says what a sequence of arrivals is worth. */
final class IdealPool {
    private final double cores;
    private final double computeSeconds;
    private final double waitSeconds;
    private final int threads;

    private final Queue<Task> queue = new ArrayDeque<>();
    private final PriorityQueue<Task> computing = new PriorityQueue<>(Comparator.comparing(Task::until));
    private final PriorityQueue<Task> waiting = new PriorityQueue<>(Comparator.comparing(Task::until));
    private double now;
    /** How much each computing task has had of a core since the begin. */
    private double share;

    private double waited;
    private long begun;

    /** @param until share or time at which it goes on */
    private record Task(double at, double length, double until) {
        Task until(double end) {
            return new Task(at, length, end);
        }
    }

    IdealPool(SweepWork.Means means, int threads, double cores) {
        this.cores = cores;
        this.computeSeconds = means.computeMillis() / 1e3;
        this.waitSeconds = means.waitMillis() / 1e3;
        this.threads = threads;
    }

    /** Mean wait in the queue of the tasks that come after the first second. */
    double waitMillis(Arrivals arrivals, double seconds) {
        double next = arrivals.gap();
        while (next < seconds) {
            while (ends() < next) {
                advance(ends());
                end();
                begin();
            }
            advance(next);
            do {
                queue.add(new Task(now, arrivals.length(), 0));
            } while (arrivals.another());
            begin();
            next += arrivals.gap();
        }
        return waited / Math.max(1, begun) * 1e3;
    }

    private double speed() {
        return Math.min(1, cores / computing.size());
    }

    private double computingEnds() {
        return computing.isEmpty()
                ? Double.POSITIVE_INFINITY
                : now + (computing.element().until() - share) / speed();
    }

    private double ends() {
        double waitingEnds =
                waiting.isEmpty() ? Double.POSITIVE_INFINITY : waiting.element().until();
        return Math.min(computingEnds(), waitingEnds);
    }

    private void advance(double to) {
        share += computing.isEmpty() ? 0 : (to - now) * speed();
        now = to;
    }

    /** The task that is to end now has computed, or has waited and is done. */
    private void end() {
        boolean computed = !computing.isEmpty()
                && (waiting.isEmpty() || computingEnds() <= waiting.element().until());
        if (computed) {
            Task task = computing.remove();
            if (waitSeconds > 0) {
                waiting.add(task.until(now + task.length() * waitSeconds));
            }
        } else {
            waiting.remove();
        }
    }

    private void begin() {
        while (!queue.isEmpty() && computing.size() + waiting.size() < threads) {
            Task task = queue.remove();
            if (task.at() > 1) {
                waited += now - task.at();
                begun++;
            }
            if (computeSeconds > 0) {
                computing.add(task.until(share + task.length() * computeSeconds));
            } else {
                waiting.add(task.until(now + task.length() * waitSeconds));
            }
        }
    }
}
