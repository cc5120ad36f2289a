// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the binary form that {@link FactWriter} writes, from a child process or from the agent. Not thread-safe.
 *
 * <p>Every length and reference is checked, so that hostile input costs a bounded amount of memory and ends in a
 * {@link FormatException}. A kind of wait or activity that is not known here (a newer writer) leaves out its fact.
 */
public final class FactReader {
    private static final Map<String, Fact.ActivityKind> ACTIVITIES =
            Arrays.stream(Fact.ActivityKind.values()).collect(Collectors.toMap(Enum::name, Function.identity()));

    private final WireInput in;
    private long unknown;

    /** Reads the header at once, and from then on more of the stream than was asked for. */
    public FactReader(InputStream stream) throws IOException {
        in = new WireInput(stream);
        for (byte expected : Wire.MAGIC) {
            if (in.octet() != expected) {
                throw new FormatException("this is not a stream of facts");
            }
        }
        int version = in.octet();
        if (version != Wire.VERSION) {
            throw new FormatException("facts in version " + version + ", expected " + Wire.VERSION);
        }
    }

    /** Facts left out because their kind is not known to this version. */
    public long unknown() {
        return unknown;
    }

    /**
     * Reads up to the next fact or word about the reading.
     *
     * @throws java.io.EOFException if the stream ends without {@link Message.End}
     */
    public Message next() throws IOException {
        while (true) {
            int tag = in.octet();
            if (tag == Wire.RESET) {
                in.reset();
            } else if (tag == Wire.PROGRESS) {
                return new Message.Progress(in.unsigned(), in.unsigned());
            } else if (tag == Wire.END) {
                return new Message.End();
            } else if (tag == Wire.UNREADABLE) {
                return new Message.Unreadable(in.text());
            } else {
                Fact fact = fact(tag, in.instant());
                if (fact != null) {
                    return new Message.FactMessage(fact);
                }
                unknown++;
            }
        }
    }

    private @Nullable Fact fact(int tag, Instant at) throws IOException {
        return switch (tag) {
            case Wire.WAIT_ENDED -> waitEnded(at);
            case Wire.LOCK_TOTALS -> lockTotals(at);
            case Wire.QUEUE_TOTALS -> queueTotals(at);
            case Wire.WAITING_NOW -> waitingNow(at);
            case Wire.STACK_SEEN ->
                new Fact.StackSeen(at, in.thread(), in.text(), in.truth() ? in.lock() : null, in.text(), in.stack());
            case Wire.VIRTUAL_SEEN -> new Fact.VirtualSeen(at, in.thread(), in.text(), in.stack());
            case Wire.THREAD_STATES -> threadStates(at);
            case Wire.ACTIVITY -> activity(at);
            case Wire.PAUSE -> new Fact.Pause(at, in.duration(), in.text());
            case Wire.LOOP_TURN -> new Fact.LoopTurn(at, in.duration(), in.thread(), in.signed());
            case Wire.THREAD_STARTED -> new Fact.ThreadStarted(at, in.thread(), in.optionalThread(), in.stack());
            case Wire.THREAD_ENDED -> new Fact.ThreadEnded(at, in.thread());
            case Wire.POOL_TOTALS -> poolTotals(at);
            case Wire.TASK_SUBMITTED ->
                new Fact.TaskSubmitted(at, in.thread(), in.text(), in.text(), in.number(), in.stack());
            case Wire.NAMED -> new Fact.Named(at, in.text(), in.text());
            case Wire.RACE_SEEN -> raceSeen(at);
            case Wire.LOCK_ORDER_SEEN ->
                new Fact.LockOrderSeen(
                        at, in.thread(), in.lock(), in.text(), in.lock(), in.stack(), in.texts(), in.truth());
            case Wire.OS_USAGE -> osUsage(at);
            case Wire.THREAD_CPU -> new Fact.ThreadCpu(at, in.thread(), in.real(), in.real());
            case Wire.CPU_LOAD -> new Fact.CpuLoad(at, in.real(), in.real());
            case Wire.SWITCH_RATE -> new Fact.SwitchRate(at, in.real());
            case Wire.CHILD_STANDS -> new Fact.ChildStands(at, in.signed(), in.text(), in.text(), in.duration());
            case Wire.AGENT_STATUS -> agentStatus(at);
            case Wire.JVM_SEEN -> jvmSeen(at);
            case Wire.GAP -> new Fact.Gap(at, in.duration(), in.text(), in.signed());
            default -> throw new FormatException("no message has the tag " + tag);
        };
    }

    private @Nullable Fact waitEnded(Instant at) throws IOException {
        Duration waited = in.duration();
        WaitKind kind = WaitKind.of(in.text()).orElse(null);
        LockRef lock = in.lock();
        ThreadRef waiter = in.thread();
        ThreadRef owner = in.optionalThread();
        ThreadRef releasedBy = in.optionalThread();
        Stack stack = in.stack();
        int weight = in.number();
        boolean counted = in.truth();
        boolean granted = in.truth();
        return kind == null
                ? null
                : new Fact.WaitEnded(
                        at, waited, kind, lock, waiter, owner, releasedBy, stack, weight, counted, granted);
    }

    private @Nullable Fact lockTotals(Instant at) throws IOException {
        Duration interval = in.duration();
        WaitKind kind = WaitKind.of(in.text()).orElse(null);
        LockRef lock = in.lock();
        long waits = in.signed();
        Duration waited = in.duration();
        Duration longest = in.duration();
        Histogram histogram = histogram();
        long holds = in.signed();
        Duration held = in.duration();
        Duration longestHold = in.duration();
        int waiting = in.number();
        boolean sampled = in.truth();
        return kind == null
                ? null
                : new Fact.LockTotals(
                        at,
                        interval,
                        kind,
                        lock,
                        waits,
                        waited,
                        longest,
                        histogram,
                        holds,
                        held,
                        longestHold,
                        waiting,
                        sampled);
    }

    private Fact queueTotals(Instant at) throws IOException {
        return new Fact.QueueTotals(
                at,
                in.duration(),
                in.lock(),
                in.number(),
                in.number(),
                in.signed(),
                in.duration(),
                histogram(),
                in.signed(),
                in.duration(),
                histogram(),
                in.duration(),
                in.optionalText());
    }

    private @Nullable Fact waitingNow(Instant at) throws IOException {
        long snapshot = in.signed();
        ThreadRef waiter = in.thread();
        long waitId = in.signed();
        WaitKind kind = WaitKind.of(in.text()).orElse(null);
        LockRef lock = in.lock();
        ThreadRef owner = in.optionalThread();
        Duration soFar = in.duration();
        boolean idle = in.truth();
        int weight = in.number();
        int missing = in.number();
        return kind == null
                ? null
                : new Fact.WaitingNow(at, snapshot, waiter, waitId, kind, lock, owner, soFar, idle, weight, missing);
    }

    private Fact threadStates(Instant at) throws IOException {
        long snapshot = in.signed();
        Map<Long, Character> states = new LinkedHashMap<>();
        for (int left = in.length(Wire.LONGEST_LIST); left > 0; left--) {
            states.put(in.signed(), (char) in.length(Character.MAX_VALUE));
        }
        Map<Long, String> names = new LinkedHashMap<>();
        for (int left = in.length(Wire.LONGEST_LIST); left > 0; left--) {
            names.put(in.signed(), in.text());
        }
        return new Fact.ThreadStates(at, snapshot, states, names, in.signed(), in.number(), in.number());
    }

    private @Nullable Fact activity(Instant at) throws IOException {
        Duration took = in.duration();
        ThreadRef thread = in.thread();
        String kind = in.text();
        Stack stack = in.stack();
        String detail = in.optionalText();
        ThreadRef carrier = in.optionalThread();
        Fact.ActivityKind known = ACTIVITIES.get(kind);
        return known == null ? null : new Fact.Activity(at, took, thread, known, stack, detail, carrier);
    }

    private Fact poolTotals(Instant at) throws IOException {
        return new Fact.PoolTotals(
                at,
                in.duration(),
                in.text(),
                in.text(),
                in.optionalText(),
                in.text(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.duration(),
                in.number(),
                in.number(),
                in.signed(),
                in.signed(),
                in.signed(),
                in.signed(),
                in.duration(),
                in.duration(),
                in.real(),
                in.duration(),
                in.duration(),
                histogram(),
                histogram(),
                in.number(),
                new PoolSamples(in.number(), in.duration(), in.signed(), in.number(), in.real(), in.number()),
                slotUse());
    }

    private Fact.@Nullable SlotUse slotUse() throws IOException {
        String holder = in.optionalText();
        return holder == null ? null : new Fact.SlotUse(holder, in.duration(), in.stack());
    }

    private Fact raceSeen(Instant at) throws IOException {
        return new Fact.RaceSeen(
                at,
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                access(),
                access(),
                in.optionalText(),
                in.optionalText());
    }

    private Fact.Access access() throws IOException {
        return new Fact.Access(in.thread(), in.truth(), in.optionalText(), in.stack(), in.texts());
    }

    private Fact osUsage(Instant at) throws IOException {
        Duration interval = in.duration();
        List<Fact.OsThread> rows = new ArrayList<>();
        for (int left = in.length(Wire.LONGEST_LIST); left > 0; left--) {
            rows.add(new Fact.OsThread(in.signed(), in.signed(), in.signed(), in.signed(), in.signed()));
        }
        return new Fact.OsUsage(at, interval, rows, in.signed(), in.real());
    }

    private Fact jvmSeen(Instant at) throws IOException {
        return new Fact.JvmSeen(at, in.signed(), in.text(), in.text(), in.number(), in.signed());
    }

    private Fact agentStatus(Instant at) throws IOException {
        Duration interval = in.duration();
        Duration cpuTime = in.duration();
        Duration hookTime = in.duration();
        long seen = in.signed();
        long sampled = in.signed();
        long dropped = in.signed();
        long faults = in.signed();
        String depth = in.text();
        String version = in.text();
        long pid = in.signed();
        String mainClass = in.text();
        String jdk = in.text();
        int processors = (int) in.signed();
        List<Long> own = new ArrayList<>();
        for (int left = in.length(Wire.LONGEST_LIST); left > 0; left--) {
            own.add(in.signed());
        }
        return new Fact.AgentStatus(
                at,
                interval,
                cpuTime,
                hookTime,
                seen,
                sampled,
                dropped,
                faults,
                depth,
                version,
                pid,
                mainClass,
                jdk,
                processors,
                own);
    }

    private Histogram histogram() throws IOException {
        return Histogram.parse(in.text());
    }
}
