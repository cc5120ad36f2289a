// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks, in one scan, a sample of the virtual threads for the monitor that they wait for or in; the others are counted in
 * proportion. Where the budget allows a few only, another few are asked in the next scan.
 */
final class MonitorLooks {
    /** Threads of each sort asked in one scan: about 20 microseconds each. */
    private static final int MOST = 50;

    /** What is left of the budget, of the second's worth, for those that are asked later. */
    private static final double AFTER_BLOCKED = 0.5;

    private static final double AFTER_WAITING = 0.3;
    private static final double RESERVE = 0.2;

    /** Stacks told in one scan of those that wait for nothing with a name. */
    private static final int TOLD = 10;

    /** Before 25 a blocked virtual thread does not tell on what. */
    private static final WaitReader.Subject UNKNOWN_MONITOR = new WaitReader.Subject("monitor", "", 0, null, false);

    /** In one of several monitors that the thread has entered. */
    private static final WaitReader.Subject UNKNOWN_WAIT = new WaitReader.Subject("object-wait", "", 0, null, false);

    private final VirtualAccess virtual;
    private final ThreadAccess access;
    private final StackBudget budget;
    private final VirtualFolds folds;
    private final FactSink sink;
    private final long now;
    private int told;
    private final Map<Thread.State, Integer> asked = new EnumMap<>(Thread.State.class);

    MonitorLooks(
            VirtualAccess virtual,
            ThreadAccess access,
            StackBudget budget,
            VirtualFolds folds,
            FactSink sink,
            long now) {
        this.sink = sink;
        this.virtual = virtual;
        this.access = access;
        this.budget = budget;
        this.folds = folds;
        this.now = now;
    }

    void atMonitors(List<Thread> blocked, BlockedCensus census) throws Throwable {
        ask(blocked, AFTER_BLOCKED, census);
    }

    void inWait(List<Thread> waiting, BlockedCensus census) throws Throwable {
        ask(waiting, AFTER_WAITING, census);
    }

    void withoutBlocker(List<Thread> bare) throws Throwable {
        ask(bare, RESERVE, null);
    }

    /** The monitor that this thread waits for; null if that cannot be told. */
    @Nullable
    VirtualFold atMonitor(Thread thread) throws Throwable {
        VirtualAccess.Look look = virtual.canLook() && budget.take(now, RESERVE) ? virtual.look(thread) : null;
        Object on = look == null ? null : look.blockedOn();
        return on == null ? null : folds.add(thread, monitor(on, "monitor"), on, now);
    }

    private void ask(List<Thread> threads, double reserve, @Nullable BlockedCensus census) throws Throwable {
        int step = Math.max(1, threads.size() / MOST);
        int start = threads.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(threads.size());
        for (int i = 0; i < threads.size(); i += step) {
            Thread thread = threads.get((start + i) % threads.size());
            Thread.State state = access.state(thread);
            boolean onMonitor = state == Thread.State.BLOCKED;
            if (!onMonitor && LockSupport.getBlocker(thread) != null) {
                continue; // parked since it was visited
            }
            VirtualAccess.Look look = virtual.canLook() && budget.take(now, reserve) ? virtual.look(thread) : null;
            if (look == null && (!onMonitor || virtual.canLook())) {
                continue; // ended, or over the budget
            }
            take(thread, state, look, step, census);
        }
    }

    private void take(
            Thread thread,
            Thread.State state,
            VirtualAccess.@Nullable Look look,
            int standsFor,
            @Nullable BlockedCensus census) {
        boolean onMonitor = state == Thread.State.BLOCKED;
        boolean inWait = !onMonitor && calls(look, "java.lang.Object", "wait");
        Object on = waitsFor(look, inWait);
        if (on != null && !onMonitor && !inWait) {
            return; // parked meanwhile
        }
        if (census != null) {
            asked.merge(state, standsFor, Integer::sum);
        }
        if (!onMonitor && !inWait && look != null && told++ < TOLD) {
            Snapshot.tell(sink, thread, "virtual", WaitReader.Subject.NONE, state, look.frames());
        }
        if (!onMonitor && !inWait && calls(look, "java.lang.", "sleep")) {
            return;
        }
        WaitReader.Subject subject = on != null
                ? monitor(on, onMonitor ? "monitor" : on instanceof Thread ? "join" : "object-wait")
                : onMonitor ? UNKNOWN_MONITOR : inWait ? UNKNOWN_WAIT : WaitReader.Subject.NONE;
        VirtualFold fold = folds.add(thread, subject, on, now);
        if (fold == null) {
            return;
        }
        fold.threads += standsFor - 1;
        fold.timed += state == Thread.State.TIMED_WAITING ? standsFor : 0;
        fold.owner = subject.kind().equals("join") && on instanceof Thread joined ? joined : fold.owner;
        fold.inWait = inWait;
        if (census != null && (on != null || inWait)) {
            census.watch(thread, new Crowd.Key(subject.lockId(), state), now);
        }
    }

    /** Tells the census what those in each state wait for. */
    void tell(BlockedCensus census) {
        for (Thread.State state : asked.keySet()) {
            List<Crowd.Share> found = new ArrayList<>();
            for (VirtualFold fold : folds.found()) {
                long threads = fold.in(state);
                if (threads > 0 && (fold.monitor != null || fold.inWait) && fold.verdict != Verdict.IDLE) {
                    Class<?> type = fold.monitor == null ? null : fold.monitor.getClass();
                    found.add(new Crowd.Share(
                            fold.subject.kind(), type, fold.subject.lockId(), state, threads, fold.since));
                }
            }
            double all = asked.getOrDefault(state, 0);
            if (state == Thread.State.BLOCKED) {
                all = found.stream().mapToDouble(Crowd.Share::threads).sum(); // each waits for some monitor
            }
            census.asked(state, all, found);
        }
        census.scanned();
    }

    private static WaitReader.Subject monitor(Object on, String kind) {
        return new WaitReader.Subject(kind, on.getClass().getName(), System.identityHashCode(on), null, false);
    }

    /** The monitor; in Object.wait, once the JIT has compiled it, the one that the caller still counts as its own. */
    private static @Nullable Object waitsFor(VirtualAccess.@Nullable Look look, boolean inWait) {
        if (look == null) {
            return null;
        }
        boolean one = inWait && look.blockedOn() == null && look.owned().size() == 1;
        return one ? look.owned().get(0) : look.blockedOn();
    }

    private static boolean calls(VirtualAccess.@Nullable Look look, String prefix, String method) {
        return look != null && calls(look.frames(), prefix, method);
    }

    static boolean calls(StackTraceElement[] frames, String prefix, String method) {
        for (StackTraceElement frame : frames) {
            if (frame.getMethodName().startsWith(method) && frame.getClassName().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
