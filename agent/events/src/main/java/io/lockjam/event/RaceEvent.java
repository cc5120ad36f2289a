// SPDX-License-Identifier: Apache-2.0
package io.lockjam.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Two threads caught, or predicted, at conflicting accesses of one field, array element or object that is not thread-safe. */
@Name(RaceEvent.NAME)
@Label("Data Race")
@Description("Two threads stood at conflicting accesses at the same moment, or nothing ordered the two; both stacks")
@Category({"Lockjam", "Races"})
@StackTrace(false)
public final class RaceEvent extends Event {
    public static final String NAME = "lockjam.Race";

    @Label("Field")
    @Description("Declaring class and field, or class of the receiver for a call, or element type and [] for an array")
    public String field;

    @Label("Target")
    @Description("field, static, array or call")
    public String target;

    @Label("Certainty")
    @Description("caught or predicted")
    public String certainty;

    @Label("Object Id")
    @Description("Identity hash of the object; 0 for a static field")
    public long objectId;

    @Label("First Thread")
    public Thread firstThread;

    @Label("First Writes")
    public boolean firstWrites;

    @Label("First Access")
    @Description("Method called, for a call; otherwise null")
    public String firstAccess;

    @Label("First Stack")
    public String firstStack;

    @Label("First Locks")
    @Description("Locks the first thread held, as far as known, separated by line feeds")
    public String firstLocks;

    @Label("Second Thread")
    public Thread secondThread;

    @Label("Second Writes")
    public boolean secondWrites;

    @Label("Second Access")
    public String secondAccess;

    @Label("Second Stack")
    public String secondStack;

    @Label("Second Locks")
    public String secondLocks;

    @Label("First Thread Name")
    @Description("A thread that has ended has none in the recording")
    public String firstName;

    @Label("Second Thread Name")
    public String secondName;

    @Label("Value Before")
    @Description("Where it is cheap, the value when the first thread arrived; null otherwise")
    public String valueBefore;

    @Label("Value After")
    @Description("The value when both stacks had been taken; null if not read")
    public String valueAfter;
}
