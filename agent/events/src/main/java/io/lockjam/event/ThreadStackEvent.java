// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The stack of another thread, taken by the agent: an owner while it holds a lock, or a thread that waits for long. */
@Name(ThreadStackEvent.NAME)
@Label("Thread Stack")
@Description("Stack of a thread, taken from outside it within the agent's budget")
@Category({"Lockjam", "Snapshots"})
@StackTrace(false)
public final class ThreadStackEvent extends Event {
    public static final String NAME = "lockjam.ThreadStack";

    @Label("Thread")
    public Thread thread;

    @Label("Reason")
    @Description(
            "owner, waiter, taker, asleep, yields, stuck, idle, pinned (it waits and keeps its carrier) or virtual (one of the virtual threads that wait for nothing with a name, at random)")
    public String reason;

    @Label("Lock Class Name")
    @Description("What the thread holds (owner) or waits for (waiter, taker, pinned); null for other reasons")
    public String lockClassName;

    @Label("Lock Id")
    public long lockId;

    @Label("State")
    @Description("Name of the Thread.State constant when the stack was taken")
    public String state;

    @Label("Stack")
    @Description("One frame a line, innermost first: class.method(file:line), with :native for a native frame")
    public String stack;
}
