// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The whole process stood still because somebody stopped it; seen from outside, kept in the recording. */
@Name(StoppedEvent.NAME)
@Label("Process Stopped")
@Description("The process was stopped by a signal or a debugger, seen by the dashboard")
@Category({"Lockjam", "OS"})
@StackTrace(false)
public final class StoppedEvent extends Event {
    public static final String NAME = "lockjam.Stopped";

    @Label("Cause")
    public String cause;

    @Label("Stopped")
    @Description("Nanoseconds until it went on, from looks once a second")
    public long stopped;
}
