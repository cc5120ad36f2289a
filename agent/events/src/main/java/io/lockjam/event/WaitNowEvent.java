// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One edge of the wait-for graph in a snapshot: a thread that is waiting at this moment, and for whom. */
@Name(WaitNowEvent.NAME)
@Label("Waiting Now")
@Description("A thread found waiting by a snapshot; events with the same snapshot number belong together")
@Category({"Lockjam", "Snapshots"})
@StackTrace(false)
public final class WaitNowEvent extends Event {
    public static final String NAME = "lockjam.WaitNow";

    @Label("Snapshot")
    @Description("Number of the snapshot, counting from 1 at each attach")
    public long snapshot;

    @Label("Waiter")
    public Thread waiter;

    @Label("Wait Id")
    @Description("The same in successive snapshots while the thread has not moved; unique per thread")
    public long waitId;

    @Label("Kind")
    @Description("monitor, object-wait, lock, read, write, …, class-init; as in the report")
    public String kind;

    @Label("Lock Class Name")
    public String lockClassName;

    @Label("Lock Id")
    @Description("Identity hash of what is waited for; 0 if nothing is named")
    public long lockId;

    @Label("Owner")
    @Description("The thread that holds it; null if it has none or it is not known")
    public Thread owner;

    @Label("Waited So Far")
    @Timespan(Timespan.NANOSECONDS)
    @Description("At least this long: since the first snapshot that saw this wait")
    public long waitedSoFar;

    @Label("Idle")
    @Description("True if the thread waits for work, as a pool worker or consumer does, rather than being held up")
    public boolean idle;

    @Label("Weight")
    @Description("How many threads in the same wait this row stands for; more than 1 where virtual threads are folded")
    public int weight;

    @Label("Missing")
    @Description(
            "Counts or parties that have still to come before the wait ends, of a latch or phaser; -1 if it is not known")
    public int missing;
}
