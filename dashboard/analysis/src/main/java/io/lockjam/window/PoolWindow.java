// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import java.time.Duration;
import java.util.List;

/**
 * One pool of threads or slots over a range.
 *
 * @param name pattern of its threads' names, or its class and number
 * @param type threads, fork-join, scheduled, virtual or slots
 * @param busyMean threads running a task, mean over the range: busy time ÷ time
 * @param busyMax largest busy count at the end of a second
 * @param serviceVariation squared coefficient of variation of the service time; NaN if not known
 * @param arrivalVariation squared coefficient of variation of the arrivals per second; NaN if fewer than 10 seconds
 * @param cpuShare CPU time ÷ service time of a task, 0 to 1; NaN if not known
 * @param queueDepths at the end of each second of the range; -1 where not known
 * @param busies likewise
 * @param sizes likewise
 * @param growthPerSecond slope of the queue depth, tasks a second
 * @param submitters sites that hand tasks in, by sampled tasks
 * @param waitersMax threads that waited for a slot, largest
 * @param seconds seconds of the range with data
 */
public record PoolWindow(
        String id,
        String className,
        String identity,
        String name,
        String type,
        Range range,
        int seconds,
        int size,
        int coreSize,
        int maxSize,
        double busyMean,
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
        double cpuShare,
        Histogram queueTimes,
        Histogram serviceTimes,
        int waitersMax,
        List<Integer> queueDepths,
        List<Integer> busies,
        List<Integer> sizes,
        List<Submitter> submitters) {

    /** A site that hands tasks to the pool. */
    public record Submitter(String taskClass, Stack stack, long tasks, List<String> threads) {}

    public double arrivalsPerSecond() {
        return (double) arrivals / Math.max(1, seconds);
    }

    public double completionsPerSecond() {
        return (double) completions / Math.max(1, seconds);
    }

    /** Busy threads ÷ threads, 0 to 1; NaN for a pool without threads. */
    public double utilisation() {
        return size <= 0 ? Double.NaN : Math.min(1, busyMean / size);
    }

    public Duration queueWaitP99() {
        return Duration.ofNanos(queueTimes.quantile(0.99));
    }
}
