// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One BlockingQueue since its last totals: depth now, exact waits of producers and consumers. */
@Name(QueueTotalsEvent.NAME)
@Label("Queue Totals")
@Description("Depth and exact put and take waits of one BlockingQueue since its previous totals event")
@Category({"Lockjam", "Queues"})
@StackTrace(false)
public final class QueueTotalsEvent extends Event {
    public static final String NAME = "lockjam.QueueTotals";

    @Label("Queue Class")
    public Class<?> queueClass;

    @Label("Queue Id")
    @Description("Identity hash of the queue")
    public long queueId;

    @Label("Capacity")
    @Description("Largest possible depth; -1 if unbounded, 0 for a hand-off queue")
    public int capacity;

    @Label("Depth")
    public int depth;

    @Label("Put Waits")
    public long putWaits;

    @Label("Put Waited")
    @Timespan(Timespan.NANOSECONDS)
    public long putWaited;

    @Label("Put Histogram")
    public String putHistogram;

    @Label("Take Waits")
    public long takeWaits;

    @Label("Take Waited")
    @Timespan(Timespan.NANOSECONDS)
    public long takeWaited;

    @Label("Take Histogram")
    public String takeHistogram;

    @Label("Idle Take Waited")
    @Timespan(Timespan.NANOSECONDS)
    @Description("Time in the interval that pool workers waited for work, ended or not; not part of Take Waited")
    public long idleTakeWaited;

    @Label("Pool Id")
    @Description("Identity hash of the pool whose work queue this is; 0 if none is known")
    public long poolId;

    @Label("Interval")
    @Timespan(Timespan.NANOSECONDS)
    public long interval;
}
