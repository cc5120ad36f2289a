// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool of threads or slots over a range.
 *
 * @param name pattern of its threads' names, or its class and number
 * @param type threads, virtual-threads (a fixed number of them), fork-join, scheduled, per-task, slots, or carriers, whose tasks are threads; workers or event-loop where only threads of one name are seen
 * @param busyMean threads running a task, mean over the range: busy time ÷ time
 * @param busyExact whether it comes from the exact times that its threads waited for work, not from looks
 * @param busyMax largest busy count that was seen; it is looked at five times a second
 * @param serviceVariation squared coefficient of variation of the service time; NaN if not known
 * @param arrivalVariation squared coefficient of variation of the arrivals, 1 for a Poisson stream; NaN if not known
 * @param lateArrivals share of the arrivals that came in the second half of the time, 0.5 if they are steady
 * @param cpuShare CPU time ÷ service time of a task, 0 to 1; NaN if not known
 * @param coreWaitRatio time its threads waited for a core ÷ time they had one; NaN if not known
 * @param cores cores the program may use, the quota of its cgroup if that is less than the machine's; 0 if not known
 * @param queueDepths at the end of each second of the range; -1 where not known
 * @param busies likewise
 * @param sizes likewise
 * @param growthPerSecond slope of the queue depth, tasks a second
 * @param submitters sites that hand tasks in, by sampled tasks
 * @param waitersMax threads that waited for a slot, largest
 * @param holdersWaiting slots out whose holders all wait for another one, in the last two seconds; 0 if one does not
 * @param observed from when the pool was first seen in the range to when it was last
 * @param longest the slot that was out longest at the end; null for threads and if none was out
 * @param parts the time before and after the last change of size, two of them; none if the size did not change
 */
public record PoolWindow(
        String id,
        String className,
        String identity,
        String name,
        String type,
        Range range,
        Duration observed,
        int size,
        int coreSize,
        int maxSize,
        double busyMean,
        boolean busyExact,
        int busyMax,
        int queueDepth,
        double queueDepthMean,
        int queueDepthMax,
        int queueCapacity,
        double growthPerSecond,
        long arrivals,
        long completions,
        long rejections,
        long timed,
        Duration queueTimeMean,
        Duration serviceMean,
        double serviceVariation,
        double arrivalVariation,
        double lateArrivals,
        double cpuShare,
        double coreWaitRatio,
        double cores,
        Histogram queueTimes,
        Histogram serviceTimes,
        int waitersMax,
        int holdersWaiting,
        List<Integer> queueDepths,
        List<Integer> busies,
        List<Integer> sizes,
        List<Submitter> submitters,
        Fact.@Nullable SlotUse longest,
        List<PoolWindow> parts) {

    /** A site that hands tasks to the pool. */
    public record Submitter(String taskClass, Stack stack, long tasks, List<String> threads) {}

    /** Of a pool of a library that is not known only the threads are; where each task has its own, hooks would cost a task too much. */
    public boolean seesTasks() {
        return !type.equals("workers") && !type.equals("event-loop") && !perTask();
    }

    /** Whether its threads carry virtual threads: those that could run are its queue. */
    public boolean carries() {
        return type.equals("carriers");
    }

    /** Whether its threads are virtual, which a pool does not make cheaper. */
    public boolean ofVirtualThreads() {
        return type.equals("virtual-threads");
    }

    /** Whether each task has a thread of its own, so that there is nothing to size. */
    public boolean perTask() {
        return type.equals("per-task");
    }

    /** Whole seconds observed, at least one. */
    public int seconds() {
        return (int) Math.max(1, Math.round(observedSeconds()));
    }

    /** At least one. */
    public double observedSeconds() {
        return Math.max(1, observed.toNanos() / 1e9);
    }

    public double arrivalsPerSecond() {
        return arrivals / observedSeconds();
    }

    public double completionsPerSecond() {
        return completions / observedSeconds();
    }

    /** Busy threads ÷ threads, 0 to 1; NaN for a pool without threads, and where each task has its own. */
    public double utilisation() {
        return size <= 0 || perTask() ? Double.NaN : Math.min(1, busyMean / size);
    }

    public Duration queueWaitP99() {
        return Duration.ofNanos(queueTimes.quantile(0.99));
    }
}
