// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The state of every platform thread at one snapshot, in one compact string; long lists are split over events. */
@Name(ThreadStatesEvent.NAME)
@Label("Thread States")
@Description("States of all platform threads at one snapshot")
@Category({"Lockjam", "Snapshots"})
@StackTrace(false)
public final class ThreadStatesEvent extends Event {
    public static final String NAME = "lockjam.ThreadStates";

    @Label("Snapshot")
    public long snapshot;

    @Label("States")
    @Description(
            "Java thread id in base 36 followed by the state's letter, separated by blanks: R running or runnable, "
                    + "B blocked on a monitor, L held up by a j.u.c. lock, C condition or other wait, W waiting for work, "
                    + "S asleep, I in I/O")
    public String states;

    @Label("Names")
    @Description(
            "Java thread id in base 36, '=' and the thread's name, separated by line feeds; only threads that are new "
                    + "since the last snapshot, all of them once a minute")
    public String names;

    @Label("Virtual Threads")
    @Description("Number of live virtual threads; -1 if not known")
    public long virtualThreads;

    @Label("Part")
    @Description("Counts from 0")
    public int part;

    @Label("Parts")
    public int parts;
}
