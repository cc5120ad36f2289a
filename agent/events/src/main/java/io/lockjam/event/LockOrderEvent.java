// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A nesting seen for the first time: a thread that held one lock asked for another; the stack is at the second. */
@Name(LockOrderEvent.NAME)
@Label("Lock Order")
@Description("A thread holding one lock acquired another; once for each pair of places")
@Category({"Lockjam", "Locks"})
@StackTrace
public final class LockOrderEvent extends Event {
    public static final String NAME = "lockjam.LockOrder";

    @Label("Held Class Name")
    public String heldClassName;

    @Label("Held Id")
    public long heldId;

    @Label("Held At")
    @Description("Frame that took the held lock: class.method(file:line)")
    public String heldAt;

    @Label("Wanted Class Name")
    public String wantedClassName;

    @Label("Wanted Id")
    public long wantedId;

    @Label("Gates")
    @Description("Identity hashes of all locks held, separated by blanks")
    public String gates;

    @Label("Try")
    @Description("True if the second lock was only tried")
    public boolean tried;
}
