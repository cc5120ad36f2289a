// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes facts in the binary form that {@link Wire} describes and {@link FactReader} reads. Not thread-safe. */
public final class FactWriter {
    private final WireOutput out;

    /** Writes the header at once. */
    public FactWriter(DataOutput out) throws IOException {
        out.write(Wire.MAGIC);
        out.writeByte(Wire.VERSION);
        this.out = new WireOutput(out);
    }

    public void progress(long read, long total) throws IOException {
        out.tag(Wire.PROGRESS);
        out.unsigned(read);
        out.unsigned(total);
        out.flush();
    }

    public void end() throws IOException {
        out.tag(Wire.END);
        out.flush();
    }

    /** Ends the stream with the reason why there are no more facts. */
    public void unreadable(String reason) throws IOException {
        out.tag(Wire.UNREADABLE);
        out.text(reason);
        out.flush();
    }

    public void write(Fact fact) throws IOException {
        out.trim();
        if (fact instanceof Fact.WaitEnded wait) {
            write(wait);
        } else if (fact instanceof Fact.Activity activity) {
            write(activity);
        } else if (fact instanceof Fact.LockTotals totals) {
            write(totals);
        } else if (fact instanceof Fact.QueueTotals totals) {
            write(totals);
        } else if (fact instanceof Fact.WaitingNow waiting) {
            write(waiting);
        } else if (fact instanceof Fact.StackSeen seen) {
            write(seen);
        } else if (fact instanceof Fact.ThreadStates states) {
            write(states);
        } else if (fact instanceof Fact.PoolTotals totals) {
            write(totals);
        } else if (fact instanceof Fact.RaceSeen race) {
            write(race);
        } else if (fact instanceof Fact.LockOrderSeen order) {
            write(order);
        } else if (fact instanceof Fact.OsUsage usage) {
            write(usage);
        } else if (fact instanceof Fact.AgentStatus status) {
            write(status);
        } else if (fact instanceof Fact.JvmSeen jvm) {
            write(jvm);
        } else {
            writeSmall(fact);
        }
    }

    private void writeSmall(Fact fact) throws IOException {
        if (fact instanceof Fact.Pause pause) {
            begin(Wire.PAUSE, fact);
            out.duration(pause.took());
            out.text(pause.cause());
        } else if (fact instanceof Fact.ThreadStarted started) {
            begin(Wire.THREAD_STARTED, fact);
            out.thread(started.thread());
            out.thread(started.parent());
            out.stack(started.stack());
        } else if (fact instanceof Fact.LoopTurn turn) {
            begin(Wire.LOOP_TURN, fact);
            out.duration(turn.took());
            out.thread(turn.thread());
            out.signed(turn.turns());
        } else if (fact instanceof Fact.VirtualSeen seen) {
            begin(Wire.VIRTUAL_SEEN, fact);
            out.thread(seen.thread());
            out.text(seen.state());
            out.stack(seen.stack());
        } else if (fact instanceof Fact.ThreadEnded ended) {
            begin(Wire.THREAD_ENDED, fact);
            out.thread(ended.thread());
        } else if (fact instanceof Fact.TaskSubmitted task) {
            begin(Wire.TASK_SUBMITTED, fact);
            out.thread(task.submitter());
            out.text(task.poolIdentity());
            out.text(task.taskClass());
            out.signed(task.queueDepth());
            out.stack(task.stack());
        } else if (fact instanceof Fact.Named named) {
            begin(Wire.NAMED, fact);
            out.text(named.site());
            out.text(named.name());
        } else {
            writeNumbers(fact);
        }
    }

    private void writeNumbers(Fact fact) throws IOException {
        if (fact instanceof Fact.ThreadCpu cpu) {
            begin(Wire.THREAD_CPU, fact);
            out.thread(cpu.thread());
            out.real(cpu.user());
            out.real(cpu.system());
        } else if (fact instanceof Fact.CpuLoad load) {
            begin(Wire.CPU_LOAD, fact);
            out.real(load.process());
            out.real(load.machine());
        } else if (fact instanceof Fact.SwitchRate rate) {
            begin(Wire.SWITCH_RATE, fact);
            out.real(rate.perSecond());
        } else if (fact instanceof Fact.ChildStands child) {
            begin(Wire.CHILD_STANDS, fact);
            out.signed(child.child());
            out.text(child.command());
            out.text(child.stream());
            out.duration(child.soFar());
        } else if (fact instanceof Fact.Gap gap) {
            begin(Wire.GAP, fact);
            out.duration(gap.length());
            out.text(gap.reason());
            out.signed(gap.lost());
        } else {
            throw new AssertionError("no binary form for " + fact.getClass());
        }
    }

    private void begin(int tag, Fact fact) throws IOException {
        out.tag(tag);
        out.instant(fact.at());
    }

    private void write(Fact.WaitEnded wait) throws IOException {
        begin(Wire.WAIT_ENDED, wait);
        out.duration(wait.waited());
        out.text(wait.kind().id());
        out.lock(wait.lock());
        out.thread(wait.waiter());
        out.thread(wait.owner());
        out.thread(wait.releasedBy());
        out.stack(wait.stack());
        out.signed(wait.weight());
        out.truth(wait.counted());
        out.truth(wait.granted());
    }

    private void write(Fact.LockTotals totals) throws IOException {
        begin(Wire.LOCK_TOTALS, totals);
        out.duration(totals.interval());
        out.text(totals.kind().id());
        out.lock(totals.lock());
        out.signed(totals.waits());
        out.duration(totals.waited());
        out.duration(totals.longest());
        out.inline(totals.histogram().text());
        out.signed(totals.holds());
        out.duration(totals.held());
        out.duration(totals.longestHold());
        out.signed(totals.waiting());
        out.truth(totals.sampled());
    }

    private void write(Fact.QueueTotals totals) throws IOException {
        begin(Wire.QUEUE_TOTALS, totals);
        out.duration(totals.interval());
        out.lock(totals.queue());
        out.signed(totals.capacity());
        out.signed(totals.depth());
        out.signed(totals.putWaits());
        out.duration(totals.putWaited());
        out.inline(totals.putHistogram().text());
        out.signed(totals.takeWaits());
        out.duration(totals.takeWaited());
        out.inline(totals.takeHistogram().text());
        out.duration(totals.idleTakeWaited());
        out.text(totals.poolIdentity());
    }

    private void write(Fact.WaitingNow waiting) throws IOException {
        begin(Wire.WAITING_NOW, waiting);
        out.signed(waiting.snapshot());
        out.thread(waiting.waiter());
        out.signed(waiting.waitId());
        out.text(waiting.kind().id());
        out.lock(waiting.lock());
        out.thread(waiting.owner());
        out.duration(waiting.soFar());
        out.truth(waiting.idle());
        out.signed(waiting.weight());
        out.signed(waiting.missing());
    }

    private void write(Fact.StackSeen seen) throws IOException {
        begin(Wire.STACK_SEEN, seen);
        out.thread(seen.thread());
        out.text(seen.reason());
        out.truth(seen.lock() != null);
        if (seen.lock() != null) {
            out.lock(seen.lock());
        }
        out.text(seen.state());
        out.stack(seen.stack());
    }

    private void write(Fact.ThreadStates states) throws IOException {
        begin(Wire.THREAD_STATES, states);
        out.signed(states.snapshot());
        int left = out.length(states.states().size());
        for (Map.Entry<Long, Character> state : states.states().entrySet()) {
            if (left-- > 0) {
                out.signed(state.getKey());
                out.unsigned(state.getValue());
            }
        }
        left = out.length(states.names().size());
        for (Map.Entry<Long, String> name : states.names().entrySet()) {
            if (left-- > 0) {
                out.signed(name.getKey());
                out.text(name.getValue());
            }
        }
        out.signed(states.virtualThreads());
        out.signed(states.part());
        out.signed(states.parts());
    }

    private void write(Fact.Activity activity) throws IOException {
        begin(Wire.ACTIVITY, activity);
        out.duration(activity.took());
        out.thread(activity.thread());
        out.text(activity.kind().name());
        out.stack(activity.stack());
        out.text(activity.detail());
        out.thread(activity.carrier());
    }

    private void write(Fact.PoolTotals totals) throws IOException {
        begin(Wire.POOL_TOTALS, totals);
        out.duration(totals.interval());
        out.text(totals.className());
        out.text(totals.identity());
        out.text(totals.name());
        out.text(totals.type());
        out.signed(totals.size());
        out.signed(totals.coreSize());
        out.signed(totals.maxSize());
        out.signed(totals.busy());
        out.duration(totals.busyTime());
        out.signed(totals.queueDepth());
        out.signed(totals.queueCapacity());
        out.signed(totals.arrivals());
        out.signed(totals.completions());
        out.signed(totals.rejections());
        out.signed(totals.timed());
        out.duration(totals.queueTime());
        out.duration(totals.serviceTime());
        out.real(totals.serviceSquaresMicros());
        out.duration(totals.cpuTime());
        out.duration(totals.cpuServiceTime());
        out.inline(totals.queueHistogram().text());
        out.inline(totals.serviceHistogram().text());
        out.signed(totals.waiters());
        out.signed(totals.samples().looks());
        out.duration(totals.samples().looked());
        out.signed(totals.samples().arrived());
        out.signed(totals.samples().busyMost());
        out.real(totals.samples().arrivalSquares());
        out.signed(totals.samples().holdersWaiting());
        Fact.SlotUse longest = totals.longest();
        out.text(longest == null ? null : longest.holder());
        if (longest != null) {
            out.duration(longest.held());
            out.stack(longest.stack());
        }
    }

    private void write(Fact.RaceSeen race) throws IOException {
        begin(Wire.RACE_SEEN, race);
        out.text(race.field());
        out.text(race.target());
        out.text(race.certainty());
        out.text(race.identity());
        for (Fact.Access access : List.of(race.first(), race.second())) {
            out.thread(access.thread());
            out.truth(access.writes());
            out.text(access.call());
            out.stack(access.stack());
            out.texts(access.locks());
        }
        out.text(race.valueBefore());
        out.text(race.valueAfter());
    }

    private void write(Fact.LockOrderSeen order) throws IOException {
        begin(Wire.LOCK_ORDER_SEEN, order);
        out.thread(order.thread());
        out.lock(order.held());
        out.text(order.heldAt());
        out.lock(order.wanted());
        out.stack(order.stack());
        out.texts(order.gates());
        out.truth(order.tried());
    }

    private void write(Fact.OsUsage usage) throws IOException {
        begin(Wire.OS_USAGE, usage);
        out.duration(usage.interval());
        int size = out.length(usage.threads().size());
        for (Fact.OsThread row : usage.threads().subList(0, size)) {
            out.signed(row.osId());
            out.signed(row.ranNanos());
            out.signed(row.runQueueNanos());
            out.signed(row.voluntary());
            out.signed(row.involuntary());
        }
        out.signed(usage.throttledNanos());
        out.real(usage.quotaCores());
    }

    private void write(Fact.JvmSeen jvm) throws IOException {
        begin(Wire.JVM_SEEN, jvm);
        out.signed(jvm.pid());
        out.text(jvm.mainClass());
        out.text(jvm.jdk());
        out.signed(jvm.processors());
        out.signed(jvm.startedMillis());
    }

    private void write(Fact.AgentStatus status) throws IOException {
        begin(Wire.AGENT_STATUS, status);
        out.duration(status.interval());
        out.duration(status.cpuTime());
        out.duration(status.hookTime());
        out.signed(status.waitsSeen());
        out.signed(status.waitsSampled());
        out.signed(status.dropped());
        out.signed(status.faults());
        out.text(status.depth());
        out.text(status.version());
        out.signed(status.pid());
        out.text(status.mainClass());
        out.text(status.jdk());
        out.signed(status.processors());
        int size = out.length(status.ownThreads().size());
        for (long id : status.ownThreads().subList(0, size)) {
            out.signed(id);
        }
    }
}
