// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static io.lockjam.source.Fields.identity;
import static io.lockjam.source.Fields.integer;
import static io.lockjam.source.Fields.lock;
import static io.lockjam.source.Fields.namedLock;
import static io.lockjam.source.Fields.nanos;
import static io.lockjam.source.Fields.number;
import static io.lockjam.source.Fields.optionalText;
import static io.lockjam.source.Fields.real;
import static io.lockjam.source.Fields.text;
import static io.lockjam.source.Fields.thread;
import static io.lockjam.source.Fields.truth;

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
import io.lockjam.event.TaskEvent;
import io.lockjam.event.ThreadStackEvent;
import io.lockjam.event.ThreadStatesEvent;
import io.lockjam.event.WaitNowEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
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
                Map.entry(AgentStatusEvent.NAME, this::agentStatus));
    }

    private @Nullable Fact lockWait(RecordedEvent event) {
        WaitKind kind = troubles.kind(text(event, "kind"));
        return kind == null
                ? null
                : new Fact.WaitEnded(
                        event.getEndTime(),
                        nanos(event, "waited"),
                        kind,
                        lock(event, "lockClass", "lockId"),
                        interner.thread(event.getThread()),
                        interner.optionalThread(thread(event, "owner")),
                        interner.optionalThread(thread(event, "releasedBy")),
                        interner.stack(event.getStackTrace()),
                        Math.max(1, integer(event, "weight", 1)),
                        false,
                        truth(event, "granted", true));
    }

    private @Nullable Fact lockTotals(RecordedEvent event) {
        WaitKind kind = troubles.kind(text(event, "kind"));
        return kind == null
                ? null
                : new Fact.LockTotals(
                        event.getEndTime(),
                        nanos(event, "interval"),
                        kind,
                        lock(event, "lockClass", "lockId"),
                        number(event, "waits", 0),
                        nanos(event, "waited"),
                        nanos(event, "longest"),
                        Histogram.parse(text(event, "histogram")),
                        number(event, "holds", 0),
                        nanos(event, "held"),
                        nanos(event, "longestHold"),
                        integer(event, "waiting", 0),
                        truth(event, "sampled", false));
    }

    private Fact queueTotals(RecordedEvent event) {
        String pool = identity(event, "poolId");
        return new Fact.QueueTotals(
                event.getEndTime(),
                nanos(event, "interval"),
                lock(event, "queueClass", "queueId"),
                integer(event, "capacity", -1),
                integer(event, "depth", 0),
                number(event, "putWaits", 0),
                nanos(event, "putWaited"),
                Histogram.parse(text(event, "putHistogram")),
                number(event, "takeWaits", 0),
                nanos(event, "takeWaited"),
                Histogram.parse(text(event, "takeHistogram")),
                nanos(event, "idleTakeWaited"),
                pool.equals(LockRef.UNKNOWN_IDENTITY) ? null : pool);
    }

    private Fact poolTotals(RecordedEvent event) {
        return new Fact.PoolTotals(
                event.getEndTime(),
                nanos(event, "interval"),
                text(event, "poolClassName"),
                identity(event, "poolId"),
                optionalText(event, "poolName"),
                text(event, "type"),
                integer(event, "size", 0),
                integer(event, "coreSize", -1),
                integer(event, "maxSize", -1),
                integer(event, "busy", 0),
                nanos(event, "busyTime"),
                integer(event, "queueDepth", 0),
                integer(event, "queueCapacity", -1),
                number(event, "arrivals", 0),
                number(event, "completions", 0),
                number(event, "rejections", 0),
                number(event, "timed", 0),
                nanos(event, "queueTime"),
                nanos(event, "serviceTime"),
                real(event, "serviceSquares", 0),
                nanos(event, "cpuTime"),
                nanos(event, "cpuServiceTime"),
                Histogram.parse(text(event, "queueHistogram")),
                Histogram.parse(text(event, "serviceHistogram")),
                integer(event, "waiters", 0),
                new Fact.PoolSamples(
                        integer(event, "looks", 0), integer(event, "busyMost", -1),
                        real(event, "arrivalSquares", 0), integer(event, "holdersWaiting", 0)),
                slotUse(event));
    }

    private Fact.@Nullable SlotUse slotUse(RecordedEvent event) {
        String holder = optionalText(event, "holder");
        return holder == null ? null : new Fact.SlotUse(holder, nanos(event, "held"), stack(event, "holderStack"));
    }

    private Fact task(RecordedEvent event) {
        String taskClass = Fields.className(event, "taskClass");
        return new Fact.TaskSubmitted(
                event.getEndTime(),
                interner.thread(event.getThread()),
                identity(event, "poolId"),
                taskClass == null ? "" : taskClass,
                integer(event, "queueDepth", 0),
                interner.stack(event.getStackTrace()));
    }

    private @Nullable Fact waitNow(RecordedEvent event) {
        WaitKind kind = troubles.kind(text(event, "kind"));
        return kind == null
                ? null
                : new Fact.WaitingNow(
                        event.getEndTime(),
                        number(event, "snapshot", 0),
                        interner.thread(thread(event, "waiter")),
                        number(event, "waitId", 0),
                        kind,
                        namedLock(event, "lockClassName", "lockId"),
                        interner.optionalThread(thread(event, "owner")),
                        nanos(event, "waitedSoFar"),
                        truth(event, "idle", false),
                        Math.max(1, integer(event, "weight", 1)));
    }

    private Fact threadStack(RecordedEvent event) {
        boolean locked = optionalText(event, "lockClassName") != null;
        return new Fact.StackSeen(
                event.getEndTime(),
                interner.thread(thread(event, "thread")),
                text(event, "reason"),
                locked ? namedLock(event, "lockClassName", "lockId") : null,
                text(event, "state"),
                stack(event, "stack"));
    }

    private Fact threadStates(RecordedEvent event) {
        return new Fact.ThreadStates(
                event.getEndTime(),
                number(event, "snapshot", 0),
                ThreadTexts.states(text(event, "states")),
                ThreadTexts.names(text(event, "names")),
                number(event, "virtualThreads", -1),
                integer(event, "part", 0),
                Math.max(1, integer(event, "parts", 1)));
    }

    private Fact loopTurn(RecordedEvent event) {
        return new Fact.LoopTurn(
                event.getEndTime(),
                nanos(event, "held"),
                interner.thread(event.getThread()),
                Math.max(1, number(event, "turns", 1)));
    }

    private Fact name(RecordedEvent event) {
        return new Fact.Named(event.getEndTime(), text(event, "site"), text(event, "lockName"));
    }

    private Fact race(RecordedEvent event) {
        return new Fact.RaceSeen(
                event.getEndTime(),
                text(event, "field"),
                text(event, "target"),
                text(event, "certainty"),
                identity(event, "objectId"),
                access(event, "first"),
                access(event, "second"),
                optionalText(event, "valueBefore"),
                optionalText(event, "valueAfter"));
    }

    private Fact.Access access(RecordedEvent event, String side) {
        ThreadRef thread = interner.thread(thread(event, side + "Thread"));
        String name = text(event, side + "Name");
        return new Fact.Access(
                thread.name().isEmpty() && !name.isEmpty()
                        ? new ThreadRef(thread.id(), name, thread.virtual(), thread.osId())
                        : thread,
                truth(event, side + "Writes", false),
                optionalText(event, side + "Access"),
                stack(event, side + "Stack"),
                words(text(event, side + "Locks"), "\n"));
    }

    private Fact lockOrder(RecordedEvent event) {
        return new Fact.LockOrderSeen(
                event.getEndTime(),
                interner.thread(event.getThread()),
                namedLock(event, "heldClassName", "heldId"),
                text(event, "heldAt"),
                namedLock(event, "wantedClassName", "wantedId"),
                interner.stack(event.getStackTrace()),
                words(text(event, "gates"), " "),
                truth(event, "tried", false));
    }

    private Fact osUsage(RecordedEvent event) {
        return new Fact.OsUsage(
                event.getEndTime(),
                nanos(event, "interval"),
                ThreadTexts.osThreads(text(event, "rows")),
                number(event, "throttled", -1),
                real(event, "quotaCores", -1));
    }

    private Fact agentStatus(RecordedEvent event) {
        return new Fact.AgentStatus(
                event.getEndTime(),
                nanos(event, "interval"),
                nanos(event, "cpuTime"),
                nanos(event, "hookTime"),
                number(event, "waitsSeen", 0),
                number(event, "waitsSampled", 0),
                number(event, "dropped", 0),
                number(event, "faults", 0),
                text(event, "depth"),
                text(event, "version"),
                number(event, "pid", -1),
                text(event, "mainClass"),
                text(event, "jdk"),
                (int) number(event, "processors", 0),
                ThreadTexts.ids(text(event, "ownThreads")));
    }

    private Stack stack(RecordedEvent event, String field) {
        return interner.stack(StackText.frames(text(event, field)));
    }

    private static List<String> words(String text, String separator) {
        return Stream.of(text.split(separator)).filter(word -> !word.isBlank()).toList();
    }
}
