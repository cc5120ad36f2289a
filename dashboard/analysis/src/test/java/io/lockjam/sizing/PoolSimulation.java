// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A pool simulated event by event: tasks compute, sharing the cores evenly, then wait for something else, each for an exponential time.
 *
 * @param perSecond tasks that arrive, in bursts of a geometric number
 * @param burst mean number of tasks in a burst; 1 for a Poisson stream
 * @param others cores that others use, by the same clock as the tasks: at random times one of them wants a core
 */
record PoolSimulation(double perSecond, int burst, double computing, double waiting, int cores, double others) {
    private static final int TASKS = 100_000;
    private static final double OTHERS_SECONDS = 0.002;

    /** Sums over all tasks, in seconds. */
    static final class Result {
        int threads;
        double length;
        double queued;
        double served;
        double squares;
        double computed;
        double atCore;

        double waitMean() {
            return queued / TASKS;
        }

        double utilisation() {
            return served / length / threads;
        }

        double tasksPerSecond() {
            return TASKS / length;
        }

        /** What the product would measure. */
        Load load(PoolSimulation of) {
            double mean = served / TASKS;
            return new Load(
                    of.perSecond,
                    mean,
                    Math.min(1, computed / served),
                    computed == 0 ? Double.NaN : Math.max(0, atCore / computed - 1),
                    2 * of.burst - 1,
                    squares / TASKS / mean / mean - 1,
                    of.cores,
                    threads,
                    0,
                    0);
        }
    }

    /** A task on a thread: first it computes until nothing is left, then it waits until a time. */
    private static final class Running {
        double startedAt;
        double cpuLeft;
        double waitsFor;
        double endsAt = Double.NaN;
    }

    Result run(int threads) {
        Random random = new Random(5);
        Result result = new Result();
        result.threads = threads;
        Running[] running = new Running[threads];
        Deque<Double> queue = new ArrayDeque<>();
        double now = 0;
        double arrivesAt = gap(random);
        List<double[]> elsewhere = new ArrayList<>(); // what is left of each on a core
        double othersAt = othersGap(random);
        int arrived = 0;
        for (int done = 0; done < TASKS; ) {
            int inPool = 0;
            for (Running task : running) {
                inPool += task != null && Double.isNaN(task.endsAt) ? 1 : 0;
            }
            int computingNow = inPool + elsewhere.size();
            double pace = computingNow == 0 ? 1 : Math.min(1, (double) cores / computingNow);
            double next = Math.min(othersAt, arrived < TASKS ? arrivesAt : Double.POSITIVE_INFINITY);
            for (double[] left : elsewhere) {
                next = Math.min(next, now + left[0] / pace);
            }
            for (Running task : running) {
                if (task != null) {
                    next = Math.min(next, Double.isNaN(task.endsAt) ? now + task.cpuLeft / pace : task.endsAt);
                }
            }
            double step = next - now;
            now = next;
            result.atCore += step * inPool;
            elsewhere.forEach(left -> left[0] -= step * pace);
            elsewhere.removeIf(left -> left[0] <= 1e-12);
            if (now >= othersAt) {
                elsewhere.add(new double[] {OTHERS_SECONDS * exponential(random)});
                othersAt = now + othersGap(random);
            }
            for (int i = 0; i < threads; i++) {
                done += advance(running, i, now, step * pace, result) ? 1 : 0;
            }
            if (arrived < TASKS && now >= arrivesAt) {
                queue.add(now);
                arrived++;
                arrivesAt = now + (random.nextInt(burst) == 0 ? gap(random) : 0);
            }
            for (int i = 0; i < threads && !queue.isEmpty(); i++) {
                if (running[i] == null) {
                    result.queued += now - queue.remove();
                    running[i] = start(now, random, result);
                }
            }
        }
        result.length = now;
        return result;
    }

    private Running start(double now, Random random, Result result) {
        Running task = new Running();
        task.startedAt = now;
        task.cpuLeft = computing == 0 ? 0 : computing * exponential(random);
        task.waitsFor = waiting == 0 ? 0 : waiting * exponential(random);
        result.computed += task.cpuLeft;
        return task;
    }

    /** Whether the task of a thread has ended; the thread is then free. */
    private static boolean advance(Running[] running, int i, double now, double computed, Result result) {
        Running task = running[i];
        if (task == null) {
            return false;
        }
        if (Double.isNaN(task.endsAt)) {
            task.cpuLeft -= computed;
            if (task.cpuLeft > 1e-12) {
                return false;
            }
            task.endsAt = now + task.waitsFor;
        }
        if (now < task.endsAt - 1e-12) {
            return false;
        }
        double served = now - task.startedAt;
        result.served += served;
        result.squares += served * served;
        running[i] = null;
        return true;
    }

    private double gap(Random random) {
        return burst / perSecond * exponential(random);
    }

    private double othersGap(Random random) {
        return others == 0 ? Double.POSITIVE_INFINITY : OTHERS_SECONDS / others * exponential(random);
    }

    private static double exponential(Random random) {
        return -Math.log(1 - random.nextDouble());
    }
}
