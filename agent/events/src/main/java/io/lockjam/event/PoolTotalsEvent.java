// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One pool since its last totals: sizes and depth now, tasks and their times in the interval. */
@Name(PoolTotalsEvent.NAME)
@Label("Pool Totals")
@Description("Sizes, queue depth and task times of one thread pool or pool of slots since its previous totals event")
@Category({"Lockjam", "Pools"})
@StackTrace(false)
public final class PoolTotalsEvent extends Event {
    public static final String NAME = "lockjam.PoolTotals";

    @Label("Pool Class")
    public String poolClassName;

    @Label("Pool Id")
    @Description("Identity hash of the pool")
    public long poolId;

    @Label("Pool Name")
    @Description("Pattern of its threads' names, such as http-exec-#; null if it has had no thread")
    public String poolName;

    @Label("Type")
    @Description(
            "threads, virtual-threads, fork-join, scheduled, per-task (a thread for each), slots (a connection pool) or carriers (of virtual threads: the queue are those that could run, the tasks are all threads made)")
    public String type;

    @Label("Size")
    public int size;

    @Label("Core Size")
    @Description("-1 if the pool has none")
    public int coreSize;

    @Label("Maximum Size")
    @Description("-1 if unbounded")
    public int maxSize;

    @Label("Busy")
    @Description("Threads running a task, or slots in use, at the end of the interval")
    public int busy;

    @Label("Busy Time")
    @Timespan(Timespan.NANOSECONDS)
    @Description(
            "Thread time spent in tasks in the interval, from samples of the busy count; busy threads = busy time / interval")
    public long busyTime;

    @Label("Queue Depth")
    public int queueDepth;

    @Label("Queue Capacity")
    @Description("-1 if unbounded")
    public int queueCapacity;

    @Label("Arrivals")
    @Description("Tasks submitted in the interval")
    public long arrivals;

    @Label("Completions")
    public long completions;

    @Label("Rejections")
    public long rejections;

    @Label("Timed Tasks")
    @Description("Tasks whose times were taken, one in 64 at most; the sums below are over these")
    public long timed;

    @Label("Queue Time")
    @Timespan(Timespan.NANOSECONDS)
    public long queueTime;

    @Label("Service Time")
    @Timespan(Timespan.NANOSECONDS)
    public long serviceTime;

    @Label("Service Time Squares")
    @Description("Sum of squared service times in square microseconds, for the variation")
    public double serviceSquares;

    @Label("CPU Time")
    @Timespan(Timespan.NANOSECONDS)
    @Description("CPU used by the timed tasks whose CPU clock was read")
    public long cpuTime;

    @Label("CPU Timed Service Time")
    @Timespan(Timespan.NANOSECONDS)
    @Description("Service time of the tasks whose CPU clock was read; CPU share = CPU time / this")
    public long cpuServiceTime;

    @Label("Queue Time Histogram")
    public String queueHistogram;

    @Label("Service Time Histogram")
    public String serviceHistogram;

    @Label("Waiters")
    @Description("Threads waiting for a slot; 0 for thread pools")
    public int waiters;

    @Label("Looks")
    @Description("Samples of the pool in the interval at which arrivals since the sample before were counted")
    public int looks;

    @Label("Looked")
    @Timespan(Timespan.NANOSECONDS)
    @Description("Time between those samples, added up")
    public long looked;

    @Label("Arrived")
    @Description("Arrivals counted at those samples, each since the one before")
    public long arrived;

    @Label("Busy Most")
    @Description("Largest number busy of the samples in the interval")
    public int busyMost;

    @Label("Arrival Squares")
    @Description(
            "Sum over those samples of the square of the arrivals since the sample before / the seconds since then, for their variation")
    public double arrivalSquares;

    @Label("Holders Waiting")
    @Description("Slots whose holders all wait for another slot of the pool while none comes back; 0 if one does not")
    public int holdersWaiting;

    @Label("Holder")
    @Description(
            "Name of the thread that took the slot that has been out longest; null for thread pools and if none is out")
    public String holder;

    @Label("Held")
    @Timespan(Timespan.NANOSECONDS)
    @Description("Since it took that slot")
    public long held;

    @Label("Holder Stack")
    @Description("Where it took it, if sampled: one frame a line, innermost first: class.method(file:line)")
    public String holderStack;

    @Label("Interval")
    @Timespan(Timespan.NANOSECONDS)
    public long interval;
}
