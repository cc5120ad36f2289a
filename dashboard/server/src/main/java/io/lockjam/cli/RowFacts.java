// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.control.FactRow;
import io.lockjam.control.ThreadRow;
import io.lockjam.event.AgentStatusEvent;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.PoolTotalsEvent;
import io.lockjam.event.QueueTotalsEvent;
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
import io.lockjam.source.ClassNames;
import io.lockjam.source.StackText;
import io.lockjam.source.ThreadTexts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Facts from the rows that the agent sends where there is no room for a recording; field names are those of its events. */
final class RowFacts {
    private final FactRow row;
    private final Instant at;

    private RowFacts(FactRow row) {
        this.row = row;
        at = Instant.ofEpochSecond(0, row.epochNanos());
    }

    /** Empty for an event that says nothing without a recording, or that we do not know. */
    static Optional<Fact> of(FactRow row) {
        RowFacts reader = new RowFacts(row);
        Fact fact = switch (row.event()) {
            case LockTotalsEvent.NAME -> reader.lockTotals();
            case QueueTotalsEvent.NAME -> reader.queueTotals();
            case PoolTotalsEvent.NAME -> reader.poolTotals();
            case WaitNowEvent.NAME -> reader.waitNow();
            case ThreadStackEvent.NAME -> reader.threadStack();
            case ThreadStatesEvent.NAME -> reader.threadStates();
            case AgentStatusEvent.NAME -> reader.agentStatus();
            default -> null;
        };
        return Optional.ofNullable(fact);
    }

    private @Nullable Fact lockTotals() {
        WaitKind kind = WaitKind.of(text("kind")).orElse(null);
        return kind == null
                ? null
                : new Fact.LockTotals(
                        at,
                        nanos("interval"),
                        kind,
                        lock("lockClass", "lockId"),
                        number("waits"),
                        nanos("waited"),
                        nanos("longest"),
                        Histogram.parse(text("histogram")),
                        number("holds"),
                        nanos("held"),
                        nanos("longestHold"),
                        integer("waiting"),
                        truth("sampled"));
    }

    private Fact queueTotals() {
        String pool = Long.toHexString(number("poolId"));
        return new Fact.QueueTotals(
                at,
                nanos("interval"),
                lock("queueClass", "queueId"),
                integer("capacity"),
                integer("depth"),
                number("putWaits"),
                nanos("putWaited"),
                Histogram.parse(text("putHistogram")),
                number("takeWaits"),
                nanos("takeWaited"),
                Histogram.parse(text("takeHistogram")),
                nanos("idleTakeWaited"),
                pool.equals(LockRef.UNKNOWN_IDENTITY) ? null : pool);
    }

    private Fact poolTotals() {
        return new Fact.PoolTotals(
                at,
                nanos("interval"),
                text("poolClassName"),
                Long.toHexString(number("poolId")),
                row.fields().get("poolName") instanceof String name ? name : null,
                text("type"),
                integer("size"),
                integer("coreSize"),
                integer("maxSize"),
                integer("busy"),
                nanos("busyTime"),
                integer("queueDepth"),
                integer("queueCapacity"),
                number("arrivals"),
                number("completions"),
                number("rejections"),
                number("timed"),
                nanos("queueTime"),
                nanos("serviceTime"),
                real("serviceSquares"),
                nanos("cpuTime"),
                nanos("cpuServiceTime"),
                Histogram.parse(text("queueHistogram")),
                Histogram.parse(text("serviceHistogram")),
                integer("waiters"),
                new PoolSamples(
                        integer("looks"),
                        nanos("looked"),
                        number("arrived"),
                        integer("busyMost"),
                        real("arrivalSquares"),
                        integer("holdersWaiting")),
                slotUse());
    }

    private Fact.@Nullable SlotUse slotUse() {
        return row.fields().get("holder") instanceof String holder
                ? new Fact.SlotUse(holder, nanos("held"), new Stack(StackText.frames(text("holderStack"))))
                : null;
    }

    private @Nullable Fact waitNow() {
        WaitKind kind = WaitKind.of(text("kind")).orElse(null);
        ThreadRef waiter = thread("waiter");
        return kind == null || waiter == null
                ? null
                : new Fact.WaitingNow(
                        at,
                        number("snapshot"),
                        waiter,
                        number("waitId"),
                        kind,
                        lock("lockClassName", "lockId"),
                        thread("owner"),
                        nanos("waitedSoFar"),
                        truth("idle"),
                        Math.max(1, integer("weight")),
                        row.fields().containsKey("missing") ? integer("missing") : -1);
    }

    private @Nullable Fact threadStack() {
        ThreadRef thread = thread("thread");
        LockRef lock = text("lockClassName").isEmpty() ? null : lock("lockClassName", "lockId");
        Stack stack = new Stack(StackText.frames(text("stack")));
        if (thread != null && text("reason").equals("virtual")) {
            return new Fact.VirtualSeen(at, thread, text("state"), stack);
        }
        return thread == null ? null : new Fact.StackSeen(at, thread, text("reason"), lock, text("state"), stack);
    }

    private Fact threadStates() {
        return new Fact.ThreadStates(
                at,
                number("snapshot"),
                ThreadTexts.states(text("states")),
                ThreadTexts.names(text("names")),
                number("virtualThreads"),
                integer("part"),
                Math.max(1, integer("parts")));
    }

    private Fact agentStatus() {
        return new Fact.AgentStatus(
                at,
                nanos("interval"),
                nanos("cpuTime"),
                nanos("hookTime"),
                number("waitsSeen"),
                number("waitsSampled"),
                number("dropped"),
                number("faults"),
                text("depth"),
                text("version"),
                number("pid"),
                text("mainClass"),
                text("jdk"),
                integer("processors"),
                ThreadTexts.ids(text("ownThreads")));
    }

    private LockRef lock(String classField, String idField) {
        return new LockRef(ClassNames.lock(text(classField)), Long.toHexString(number(idField)));
    }

    private @Nullable ThreadRef thread(String field) {
        return row.fields().get(field) instanceof ThreadRow thread
                ? new ThreadRef(thread.id(), thread.name(), thread.virtual(), -1)
                : null;
    }

    private String text(String field) {
        return row.fields().get(field) instanceof String text ? text : "";
    }

    private long number(String field) {
        return row.fields().get(field) instanceof Number number ? number.longValue() : 0;
    }

    private int integer(String field) {
        return (int) number(field);
    }

    private double real(String field) {
        return row.fields().get(field) instanceof Number number ? number.doubleValue() : 0;
    }

    private boolean truth(String field) {
        return Boolean.TRUE.equals(row.fields().get(field));
    }

    /** Never negative. */
    private Duration nanos(String field) {
        return Duration.ofNanos(Math.max(0, number(field)));
    }
}
