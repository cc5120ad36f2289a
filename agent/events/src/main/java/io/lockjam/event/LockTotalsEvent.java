// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What happened on one synchroniser since its last totals: exact counts and sums, once a second while it is active. */
@Name(LockTotalsEvent.NAME)
@Label("Lock Totals")
@Description("Exact waits on one synchroniser since its previous totals event")
@Category({"Lockjam", "Locks"})
@StackTrace(false)
public final class LockTotalsEvent extends Event {
    public static final String NAME = "lockjam.LockTotals";

    @Label("Kind")
    public String kind;

    @Label("Lock Class")
    public Class<?> lockClass;

    @Label("Lock Id")
    @Description("Identity hash of the synchroniser; 0 for the waits that found no room in the table, summed by kind")
    public long lockId;

    @Label("Waits")
    @Description("Waits that ended in this interval")
    public long waits;

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    public long waited;

    @Label("Longest Wait")
    @Timespan(Timespan.NANOSECONDS)
    public long longest;

    @Label("Wait Histogram")
    @Description("bucket:count pairs separated by blanks; bucket as in io.lockjam.boot.Buckets")
    public String histogram;

    @Label("Holds")
    @Description("Holds measured from successive grants of the contended lock")
    public long holds;

    @Label("Held")
    @Timespan(Timespan.NANOSECONDS)
    public long held;

    @Label("Longest Hold")
    @Timespan(Timespan.NANOSECONDS)
    public long longestHold;

    @Label("Waiting")
    @Description("Threads waiting at the end of the interval")
    public int waiting;

    @Label("Interval")
    @Timespan(Timespan.NANOSECONDS)
    @Description("Length of the interval the totals cover")
    public long interval;

    @Label("Sampled")
    @Description("True if the totals are estimated from samples: monitors of virtual threads")
    public boolean sampled;
}
