// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One contended wait on a java.util.concurrent synchroniser or an application park, sampled; committed by the waiter. */
@Name(LockWaitEvent.NAME)
@Label("Lock Wait")
@Description("A thread waited for a java.util.concurrent synchroniser; sampled, the stack is the waiter's")
@Category({"Lockjam", "Locks"})
@StackTrace
public final class LockWaitEvent extends Event {
    public static final String NAME = "lockjam.LockWait";

    @Label("Kind")
    @Description("The kind of lock as in the report: lock, read, write, stamped, condition, semaphore, latch, …")
    public String kind;

    @Label("Lock Class")
    public Class<?> lockClass;

    @Label("Lock Id")
    @Description("Identity hash of the synchroniser; not an address")
    public long lockId;

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    @Description("From the request to the grant; this event's own start is the grant")
    public long waited;

    @Label("Owner")
    @Description("The holder when the wait began; null if the synchroniser has none or it was free")
    public Thread owner;

    @Label("Released By")
    @Description("The thread that gave the lock up before this grant, or woke the waiter; null if not known")
    public Thread releasedBy;

    @Label("Weight")
    @Description("How many waits on this synchroniser the sample stands for, itself included")
    public int weight;

    @Label("Granted")
    @Description("False if the wait ended by time-out or interruption")
    public boolean granted;
}
