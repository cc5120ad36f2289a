// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Caught;
import io.lockjam.boot.Predictions;
import io.lockjam.boot.Traps;
import io.lockjam.control.StandingOutcome;
import io.lockjam.event.NameEvent;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A whole run under probes: all classes that match have them from their loading to the end, and catch all the time.
 *
 * <p>If it predicts and the application has run before, nothing is predicted while a method is on a stack that was there
 * before the weaving: it runs its old code and could synchronize unseen.
 */
final class Standing {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(2);
    /** A look at all stacks is a safepoint. */
    private static final int TICKS_PER_LOOK = 125;

    private final Installation in;
    private final StandingProbes probes;
    private final boolean late;
    private Set<String> unwoven = Set.of();
    private volatile boolean over;
    private @Nullable Thread clock;
    private boolean said; // of the clock

    private Standing(Installation in, StandingProbes probes, boolean late) {
        this.in = in;
        this.probes = probes;
        this.late = late;
    }

    /**
     * Makes ready what {@link #begin} needs; no class has probes yet.
     *
     * @param late whether the application has run before
     */
    static Standing prepare(
            Instrumentation instrumentation, Installation in, Patterns patterns, boolean predicts, boolean late)
            throws Exception {
        Traps.preload(in.events());
        if (predicts) {
            Predictions.preload();
        }
        InsideWeaver weaver = new InsideWeaver();
        StandingProbes probes = new StandingProbes(
                instrumentation,
                patterns,
                weaver.prober(predicts ? name -> patterns.match(name.replace('/', '.')) : null),
                predicts);
        RaceRows.preload();
        return new Standing(in, probes, late);
    }

    /** Weaves and arms. Whatever comes of it, {@link #end} takes it all out. */
    void begin() {
        Traps.tell(this::told);
        if (probes.predicts()) {
            Predictions.begin(probes.patterns().toArray(new String[0]), late);
        }
        Set<String> names = probes.loaded().stream()
                .map(type -> type.getName().replace('.', '/'))
                .collect(Collectors.toSet());
        unwoven = in.access().running(names);
        probes.begin();
        Traps.arm();
        if (probes.predicts() && unwoven.isEmpty()) {
            Predictions.judge();
        }
        clock = in.threads().start("Races", this::run);
    }

    /** Takes it all out. */
    synchronized void end() {
        over = true;
        LockSupport.unpark(clock);
        Predictions.end();
        Traps.tell(null);
        probes.end();
    }

    boolean isLate() {
        return late;
    }

    boolean covers(String className) {
        return probes.covers(className.replace('/', '.'));
    }

    synchronized StandingOutcome outcome() {
        Set<String> methods = new TreeSet<>();
        unwoven.forEach(each -> methods.add(each.substring(each.indexOf(' ') + 1)));
        Traps.Counts counts = Traps.counts();
        String stopped = Predictions.stopped();
        return new StandingOutcome(
                probes.patterns(),
                probes.predicts(),
                probes.woven(),
                probes.failed(),
                List.copyOf(methods),
                stopped == null ? "" : stopped,
                Predictions.told(),
                counts.set(),
                counts.hits(),
                counts.waitedNanos());
    }

    private void run() {
        for (int ticks = 1; !over; ticks++) {
            OwnThreads.rest(TICK);
            try {
                tick(ticks);
            } catch (Throwable fault) { // a boundary: who ended here would leave the probes armed
                in.faults().caught("races", fault);
            }
        }
    }

    private void tick(int ticks) {
        Traps.tick();
        RaceRows.drain(in.sinks().current());
        if (ticks % TICKS_PER_LOOK == 0) {
            tellOrigins(probes.untold());
            look();
            sayIfStopped();
        }
    }

    private synchronized void look() {
        if (!unwoven.isEmpty() && !over) {
            Set<String> names = unwoven.stream().map(Standing::className).collect(Collectors.toSet());
            Set<String> still = in.access().running(names);
            still.retainAll(unwoven);
            unwoven = still;
            if (still.isEmpty()) {
                Predictions.judge();
            }
        }
    }

    /** So that what the code calls an object can be found when there is only the recording. */
    private void tellOrigins(List<String> classNames) {
        for (String each : classNames) {
            String origin = probes.takeOrigin(each);
            if (origin != null) {
                Row row = new Row(NameEvent.NAME).put("site", NameEvent.ORIGIN + each);
                in.sinks().current().put(row.put("lockName", origin));
            }
        }
    }

    private void sayIfStopped() {
        String why = Predictions.stopped();
        if (why != null && !said && !late) {
            said = true;
            Console.say("no race is predicted any more: " + why);
        }
    }

    /** "7 com.acme.Main.run" to "com/acme/Main". */
    private static String className(String running) {
        return running.substring(running.indexOf(' ') + 1, running.lastIndexOf('.'))
                .replace('.', '/');
    }

    /** On the thread that found it. */
    private void told(Caught caught) {
        try {
            tellOrigins(RaceRows.classes(caught));
            in.sinks().current().put(RaceRows.row(caught, false));
        } catch (Throwable fault) { // a boundary: that thread is the application's
            in.faults().caught("races", fault);
        }
    }
}
