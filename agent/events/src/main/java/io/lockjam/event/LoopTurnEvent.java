// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A loop thread was away for long from where it waits for events; the event's thread is the loop, its end the return. */
@Name(LoopTurnEvent.NAME)
@Label("Loop Turn")
@Description(
        "A thread that waits for events or tasks in a loop took long between two waits; shorter turns are only counted")
@Category({"Lockjam", "Threads"})
@StackTrace(false)
public final class LoopTurnEvent extends Event {
    public static final String NAME = "lockjam.LoopTurn";

    @Label("Held")
    @Description("From the end of one wait for events to the begin of the next")
    @Timespan(Timespan.NANOSECONDS)
    public long held;

    @Label("Turns")
    @Description("Turns of this thread since its last event of this type, this one included")
    public long turns;
}
