// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * The name of a lock or queue as the code at a site knows it; found by the dashboard, kept so that a recording has it. Where no
 * dashboard was there: the place of a class's file, from which names can be found later.
 */
@Name(NameEvent.NAME)
@Label("Lock Name")
@Description("What the code at a wait site takes the lock from")
@Category({"Lockjam", "Names"})
@StackTrace(false)
public final class NameEvent extends Event {
    public static final String NAME = "lockjam.Name";

    /** Before the name of a class in place of a site; the lock's name is then where the class was loaded from. */
    public static final String ORIGIN = "origin ";

    /** In place of a site: the name is then a class path, as a recording that was made without us has it. */
    public static final String CLASS_PATH = "class path";

    @Label("Site")
    @Description("class.method(descriptor)@bytecode index; origin and a class, for where that was loaded from")
    public String site;

    @Label("Lock Name")
    @Description("Field, method or class, such as com.acme.Cache.lock or synchronized Cache.put")
    public String lockName;
}
