// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Traps;
import io.lockjam.control.LoadedList;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.StandingOutcome;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Windows of probes in the application's classes: woven, armed for seconds, taken out again. */
final class Races {
    /** A lockjam process that forgets us must not leave us armed. */
    private static final int LONGEST_MILLIS = 60_000;

    private static final int MOST_CLASSES = 10_000;
    /**
     * JDK 17 makes a class that was retransformed once from what it was then, whenever it is retransformed again: one that was redefined
     * meanwhile would lose that.
     */
    private static final String FOREIGN = ": another agent has changed it meanwhile, so it is left alone from now on";

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(2);

    private final Instrumentation instrumentation;
    private final Installation in;
    private final Faults faults;
    private final ProbeSight sight = new ProbeSight();
    private volatile @Nullable Weaving probes; // made when first wanted
    private @Nullable Thread clock;
    private Set<String> runningAtBegin = Set.of();
    private volatile long silentAt;
    private volatile @Nullable Standing standing;

    Races(Instrumentation instrumentation, Installation in, Faults faults) {
        this.instrumentation = instrumentation;
        this.in = in;
        this.faults = faults;
    }

    /** Loaded classes whose names begin with one of the patterns, {@code com.acme.*}, or are one of them. */
    LoadedList classes(List<String> patterns, int most) {
        Patterns wanted = new Patterns(patterns);
        List<LoadedList.Loaded> found = new ArrayList<>();
        int matched = 0;
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (Patterns.mayProbe(type) && wanted.match(type.getName()) && instrumentation.isModifiableClass(type)) {
                matched++;
                if (found.size() < Math.min(most, MOST_CLASSES)) {
                    String loader = type.getClassLoader().getClass().getName();
                    found.add(new LoadedList.Loaded(type.getName(), loader, LoadedClasses.origin(type)));
                }
            }
        }
        return new LoadedList(matched, found);
    }

    /** Puts probes into the classes; may be called several times for one window. */
    synchronized WeaveOutcome probe(List<String> names, WeaveService prober) {
        Weaving weaving = probes;
        if (weaving == null) {
            if (standing == null) { // else it has been done, and the probes are at work
                Traps.preload(in.events());
            }
            weaving = new Weaving(instrumentation, faults);
            probes = weaving;
        }
        Standing others = standing;
        List<String> wanted = others == null
                ? names
                : names.stream().filter(name -> !others.covers(name)).toList();
        if (weaving.woven().isEmpty()) {
            runningAtBegin = in.access().running(Set.copyOf(wanted));
        } else {
            Set<String> more = new TreeSet<>(runningAtBegin);
            more.addAll(in.access().running(Set.copyOf(wanted)));
            runningAtBegin = more;
        }
        Set<String> foreign = weaving.foreign();
        List<String> free =
                wanted.stream().filter(name -> !foreign.contains(name)).toList();
        WeaveOutcome outcome = weaving.weave(free, (name, loader, original) -> {
            if (!sight.of(loader)) {
                throw new ClassNotFoundException("its class loader does not see the probes");
            }
            return prober.weave(name, loader, original);
        });
        foreign.retainAll(wanted);
        List<String> done = others == null ? outcome.done() : names;
        return new WeaveOutcome(done, with(outcome.failed(), foreign), outcome.tookNanos());
    }

    private static List<String> with(List<String> failed, Collection<String> foreign) {
        List<String> all = new ArrayList<>(failed);
        foreign.forEach(name -> all.add(name + FOREIGN));
        return all;
    }

    /**
     * Puts probes that stay into all classes that match, now and as they are loaded.
     *
     * @param late whether the application has run before
     */
    synchronized void stand(List<String> patterns, boolean predicts, boolean late) throws Exception {
        if (standing == null) {
            silence();
            Standing begun = Standing.prepare(instrumentation, in, new Patterns(patterns), predicts, late);
            standing = begun; // from here on there is something to undo
            try {
                begun.begin();
            } catch (Throwable fault) { // told at the boundary
                endStanding(false);
                silence();
                throw fault;
            }
        }
    }

    /** How the run under standing probes goes. */
    StandingOutcome standing() {
        Standing there = standing;
        return there == null ? StandingOutcome.NONE : there.outcome();
    }

    /** Lets the probes catch until the time is up or the window ends. */
    synchronized byte[] arm(int millis) {
        if (standing != null) {
            return PayloadWriter.EMPTY; // armed all the time
        }
        silentAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(Math.max(0, millis), LONGEST_MILLIS));
        Traps.armLate();
        if (clock == null || !clock.isAlive()) {
            clock = in.threads().start("Races", this::run);
        }
        return PayloadWriter.EMPTY;
    }

    /** Ends the window: every class has its original bytes again. */
    synchronized WindowOutcome end() {
        endStanding(true);
        silence();
        Traps.Counts counts = standing == null ? Traps.disarm() : new Traps.Counts(0, 0, 0, 0);
        List<String> woven = probes == null ? List.of() : probes.woven();
        Set<String> still = in.access().running(Set.copyOf(woven));
        still.retainAll(runningAtBegin);
        WeaveOutcome restored = probes == null ? new WeaveOutcome(List.of(), List.of(), 0) : restore(probes, woven);
        tell();
        Set<String> methods = new TreeSet<>();
        still.forEach(each -> methods.add(each.substring(each.indexOf(' ') + 1)));
        return new WindowOutcome(
                restored, List.copyOf(methods), counts.set(), counts.hits(), counts.waitedNanos(), counts.dropped());
    }

    /** What others have changed during the window is theirs and stays as it is. */
    private static WeaveOutcome restore(Weaving probes, List<String> woven) {
        WeaveOutcome restored = probes.restore(woven);
        return new WeaveOutcome(restored.done(), with(restored.failed(), probes.giveUpLost()), restored.tookNanos());
    }

    /** Probes stay where they are and do nothing: for a connection that was lost. */
    void silence() {
        silentAt = System.nanoTime();
        LockSupport.unpark(clock);
        if (standing == null) {
            Traps.silence();
        }
    }

    /** @param late whether only one that a lockjam process has begun */
    private void endStanding(boolean late) {
        Standing there = standing;
        if (there != null && (!late || there.isLate())) {
            there.end();
            standing = null;
        }
    }

    /** Ends the window of a lockjam process that will not. */
    void abandon() {
        silence();
        if (probes != null || standing != null) {
            end();
        }
    }

    /** Takes everything out for good. */
    synchronized void close() {
        endStanding(false);
        silence();
        if (probes != null) {
            probes.end();
            probes = null;
        }
        Traps.disarm();
    }

    private void run() {
        while (System.nanoTime() - silentAt < 0) {
            OwnThreads.rest(TICK);
            try {
                Traps.tick();
                tell();
            } catch (Throwable fault) { // a boundary: who ended here would leave the probes armed
                faults.caught("races", fault);
            }
        }
        if (standing == null) {
            Traps.silence();
        }
        tell();
    }

    private void tell() {
        try {
            RaceRows.drain(in.sinks().current());
        } catch (RuntimeException | LinkageError fault) {
            faults.caught("races", fault);
        }
    }
}
