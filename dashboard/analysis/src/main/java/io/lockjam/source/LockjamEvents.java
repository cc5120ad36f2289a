// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.event.AgentStatusEvent;
import io.lockjam.event.LockOrderEvent;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.LockWaitEvent;
import io.lockjam.event.LoopTurnEvent;
import io.lockjam.event.NameEvent;
import io.lockjam.event.OsUsageEvent;
import io.lockjam.event.PoolTotalsEvent;
import io.lockjam.event.QueueTotalsEvent;
import io.lockjam.event.RaceEvent;
import io.lockjam.event.StoppedEvent;
import io.lockjam.event.TaskEvent;
import io.lockjam.event.ThreadStackEvent;
import io.lockjam.event.ThreadStatesEvent;
import io.lockjam.event.WaitNowEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Facts from our own events, which keep all their times in nanoseconds. */
final class LockjamEvents {
    private final Interner interner;
    private final EventReader troubles;

    LockjamEvents(Interner interner, EventReader troubles) {
        this.interner = interner;
        this.troubles = troubles;
    }

    Map<String, EventReader.Reading> readings() {
        return Map.ofEntries(
                Map.entry(LockWaitEvent.NAME, this::lockWait),
                Map.entry(LockTotalsEvent.NAME, this::lockTotals),
                Map.entry(QueueTotalsEvent.NAME, this::queueTotals),
                Map.entry(PoolTotalsEvent.NAME, this::poolTotals),
                Map.entry(TaskEvent.NAME, this::task),
                Map.entry(WaitNowEvent.NAME, this::waitNow),
                Map.entry(ThreadStackEvent.NAME, this::threadStack),
                Map.entry(ThreadStatesEvent.NAME, this::threadStates),
                Map.entry(LoopTurnEvent.NAME, this::loopTurn),
                Map.entry(NameEvent.NAME, this::name),
                Map.entry(RaceEvent.NAME, this::race),
                Map.entry(LockOrderEvent.NAME, this::lockOrder),
                Map.entry(OsUsageEvent.NAME, this::osUsage),
                Map.entry(StoppedEvent.NAME, this::stopped),
                Map.entry(AgentStatusEvent.NAME, this::agentStatus));
    }

    private @Nullable Fact lockWait(EventFields event) {
        WaitKind kind = troubles.kind(event.text("kind"));
        return kind == null
                ? null
                : new Fact.WaitEnded(
                        event.end(),
                        event.nanos("waited"),
                        kind,
                        event.lock("lockClass", "lockId"),
                        event.own(),
                        event.thread("owner"),
                        event.thread("releasedBy"),
                        event.stack(),
                        Math.max(1, event.integer("weight", 1)),
                        false,
                        event.truth("granted", true));
    }

    private @Nullable Fact lockTotals(EventFields event) {
        WaitKind kind = troubles.kind(event.text("kind"));
        return kind == null
                ? null
                : new Fact.LockTotals(
                        event.end(),
                        event.nanos("interval"),
                        kind,
                        event.lock("lockClass", "lockId"),
                        event.number("waits", 0),
                        event.nanos("waited"),
                        event.nanos("longest"),
                        Histogram.parse(event.text("histogram")),
                        event.number("holds", 0),
                        event.nanos("held"),
                        event.nanos("longestHold"),
                        event.integer("waiting", 0),
                        event.truth("sampled", false));
    }

    private Fact queueTotals(EventFields event) {
        String pool = event.identity("poolId");
        return new Fact.QueueTotals(
                event.end(),
                event.nanos("interval"),
                event.lock("queueClass", "queueId"),
                event.integer("capacity", -1),
                event.integer("depth", 0),
                event.number("putWaits", 0),
                event.nanos("putWaited"),
                Histogram.parse(event.text("putHistogram")),
                event.number("takeWaits", 0),
                event.nanos("takeWaited"),
                Histogram.parse(event.text("takeHistogram")),
                event.nanos("idleTakeWaited"),
                pool.equals(LockRef.UNKNOWN_IDENTITY) ? null : pool);
    }

    private Fact poolTotals(EventFields event) {
        return new Fact.PoolTotals(
                event.end(),
                event.nanos("interval"),
                event.text("poolClassName"),
                event.identity("poolId"),
                event.optionalText("poolName"),
                event.text("type"),
                event.integer("size", 0),
                event.integer("coreSize", -1),
                event.integer("maxSize", -1),
                event.integer("busy", 0),
                event.nanos("busyTime"),
                event.integer("queueDepth", 0),
                event.integer("queueCapacity", -1),
                event.number("arrivals", 0),
                event.number("completions", 0),
                event.number("rejections", 0),
                event.number("timed", 0),
                event.nanos("queueTime"),
                event.nanos("serviceTime"),
                event.real("serviceSquares", 0),
                event.nanos("cpuTime"),
                event.nanos("cpuServiceTime"),
                Histogram.parse(event.text("queueHistogram")),
                Histogram.parse(event.text("serviceHistogram")),
                event.integer("waiters", 0),
                new PoolSamples(
                        event.integer("looks", 0),
                        event.nanos("looked"),
                        event.number("arrived", 0),
                        event.integer("busyMost", -1),
                        event.real("arrivalSquares", 0),
                        event.integer("holdersWaiting", 0)),
                slotUse(event));
    }

    private Fact.@Nullable SlotUse slotUse(EventFields event) {
        String holder = event.optionalText("holder");
        return holder == null ? null : new Fact.SlotUse(holder, event.nanos("held"), stack(event, "holderStack"));
    }

    private Fact task(EventFields event) {
        String taskClass = event.className("taskClass");
        return new Fact.TaskSubmitted(
                event.end(),
                event.own(),
                event.identity("poolId"),
                taskClass == null ? "" : taskClass,
                event.integer("queueDepth", 0),
                event.stack());
    }

    private @Nullable Fact waitNow(EventFields event) {
        WaitKind kind = troubles.kind(event.text("kind"));
        return kind == null
                ? null
                : new Fact.WaitingNow(
                        event.end(),
                        event.number("snapshot", 0),
                        event.threadOrUnknown("waiter"),
                        event.number("waitId", 0),
                        kind,
                        event.namedLock("lockClassName", "lockId"),
                        event.thread("owner"),
                        event.nanos("waitedSoFar"),
                        event.truth("idle", false),
                        Math.max(1, event.integer("weight", 1)),
                        event.integer("missing", -1));
    }

    private Fact threadStack(EventFields event) {
        if (event.text("reason").equals("virtual")) {
            return new Fact.VirtualSeen(
                    event.end(), event.threadOrUnknown("thread"), event.text("state"), stack(event, "stack"));
        }
        boolean locked = event.optionalText("lockClassName") != null;
        return new Fact.StackSeen(
                event.end(),
                event.threadOrUnknown("thread"),
                event.text("reason"),
                locked ? event.namedLock("lockClassName", "lockId") : null,
                event.text("state"),
                stack(event, "stack"));
    }

    private Fact threadStates(EventFields event) {
        return new Fact.ThreadStates(
                event.end(),
                event.number("snapshot", 0),
                ThreadTexts.states(event.text("states")),
                ThreadTexts.names(event.text("names")),
                event.number("virtualThreads", -1),
                event.integer("part", 0),
                Math.max(1, event.integer("parts", 1)));
    }

    private Fact loopTurn(EventFields event) {
        return new Fact.LoopTurn(event.end(), event.nanos("held"), event.own(), Math.max(1, event.number("turns", 1)));
    }

    private Fact name(EventFields event) {
        return new Fact.Named(event.end(), event.text("site"), event.text("lockName"));
    }

    private Fact race(EventFields event) {
        return new Fact.RaceSeen(
                event.end(),
                event.text("field"),
                event.text("target"),
                event.text("certainty"),
                event.identity("objectId"),
                access(event, "first"),
                access(event, "second"),
                event.optionalText("valueBefore"),
                event.optionalText("valueAfter"));
    }

    private Fact.Access access(EventFields event, String side) {
        ThreadRef thread = event.threadOrUnknown(side + "Thread");
        String name = event.text(side + "Name");
        return new Fact.Access(
                thread.name().isEmpty() && !name.isEmpty()
                        ? new ThreadRef(thread.id(), name, thread.virtual(), thread.osId())
                        : thread,
                event.truth(side + "Writes", false),
                event.optionalText(side + "Access"),
                stack(event, side + "Stack"),
                words(event.text(side + "Locks"), "\n"));
    }

    private Fact lockOrder(EventFields event) {
        return new Fact.LockOrderSeen(
                event.end(),
                event.own(),
                event.namedLock("heldClassName", "heldId"),
                event.text("heldAt"),
                event.namedLock("wantedClassName", "wantedId"),
                event.stack(),
                words(event.text("gates"), " "),
                event.truth("tried", false));
    }

    private Fact stopped(EventFields event) {
        return new Fact.Pause(event.end(), event.nanos("stopped"), event.text("cause"));
    }

    private Fact osUsage(EventFields event) {
        return new Fact.OsUsage(
                event.end(),
                event.nanos("interval"),
                ThreadTexts.osThreads(event.text("rows")),
                event.number("throttled", -1),
                event.real("quotaCores", -1));
    }

    private Fact agentStatus(EventFields event) {
        return new Fact.AgentStatus(
                event.end(),
                event.nanos("interval"),
                event.nanos("cpuTime"),
                event.nanos("hookTime"),
                event.number("waitsSeen", 0),
                event.number("waitsSampled", 0),
                event.number("dropped", 0),
                event.number("faults", 0),
                event.text("depth"),
                event.text("version"),
                event.number("pid", -1),
                event.text("mainClass"),
                event.text("jdk"),
                (int) event.number("processors", 0),
                ThreadTexts.ids(event.text("ownThreads")));
    }

    private Stack stack(EventFields event, String field) {
        return interner.stack(StackText.frames(event.text(field)));
    }

    private static List<String> words(String text, String separator) {
        return Stream.of(text.split(separator)).filter(word -> !word.isBlank()).toList();
    }
}
