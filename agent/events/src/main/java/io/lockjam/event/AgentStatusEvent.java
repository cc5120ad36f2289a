// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The agent's own cost and losses, once a second, and facts of the target that do not change. */
@Name(AgentStatusEvent.NAME)
@Label("Agent Status")
@Description("What the agent itself used and what it had to drop since the last status")
@Category({"Lockjam", "Agent"})
@StackTrace(false)
public final class AgentStatusEvent extends Event {
    public static final String NAME = "lockjam.AgentStatus";

    @Label("CPU Time")
    @Timespan(Timespan.NANOSECONDS)
    @Description("CPU of the agent's own threads in the interval")
    public long cpuTime;

    @Label("Hook Time")
    @Timespan(Timespan.NANOSECONDS)
    @Description("Estimated time spent in hooks on the application's threads in the interval")
    public long hookTime;

    @Label("Waits Seen")
    public long waitsSeen;

    @Label("Waits Sampled")
    public long waitsSampled;

    @Label("Dropped")
    @Description("Waits that found no room in the lock table, and snapshot rows beyond the limit")
    public long dropped;

    @Label("Faults")
    @Description("Throwables caught at our boundaries since the attach")
    public long faults;

    @Label("Interval")
    @Timespan(Timespan.NANOSECONDS)
    public long interval;

    @Label("Depth")
    @Description("light or deep")
    public String depth;

    @Label("Version")
    public String version;

    @Label("Pid")
    public long pid;

    @Label("Main Class")
    @Description("Main class or jar without arguments")
    public String mainClass;

    @Label("JDK")
    public String jdk;

    @Label("Processors")
    @Description("Cores that the JVM may use")
    public int processors;

    @Label("Own Threads")
    @Description("Java thread ids of the agent's threads, separated by blanks")
    public String ownThreads;
}
