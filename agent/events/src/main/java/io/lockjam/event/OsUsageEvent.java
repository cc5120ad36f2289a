// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What the operating system says of the target's threads in one second; read from outside, kept in the recording. */
@Name(OsUsageEvent.NAME)
@Label("OS Thread Usage")
@Description("Run time, run-queue wait and context switches of threads, read by the dashboard")
@Category({"Lockjam", "OS"})
@StackTrace(false)
public final class OsUsageEvent extends Event {
    public static final String NAME = "lockjam.OsUsage";

    @Label("Rows")
    @Description(
            "One thread a line: OS thread id, nanoseconds on a core, nanoseconds waiting for a core, voluntary and "
                    + "involuntary switches in the interval, separated by blanks; -1 where not read")
    public String rows;

    @Label("Throttled")
    @Description("Nanoseconds the cgroup was throttled in the interval; -1 if not known")
    public long throttled;

    @Label("Quota Cores")
    @Description("CPU quota of the cgroup in cores; -1 if none")
    public double quotaCores;

    @Label("Interval")
    @Description("Nanoseconds the rows cover")
    public long interval;
}
