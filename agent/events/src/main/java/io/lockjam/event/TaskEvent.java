// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One task handed to a pool, sampled; committed by the submitting thread, so the stack is the submitter's. */
@Name(TaskEvent.NAME)
@Label("Task Submitted")
@Description("A task was handed to a pool; sampled, the stack is the submitter's")
@Category({"Lockjam", "Pools"})
@StackTrace
public final class TaskEvent extends Event {
    public static final String NAME = "lockjam.Task";

    @Label("Pool Id")
    public long poolId;

    @Label("Task Class")
    public Class<?> taskClass;

    @Label("Queue Depth")
    public int queueDepth;
}
