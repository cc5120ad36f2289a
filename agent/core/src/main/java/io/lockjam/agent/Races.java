// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Probe;
import io.lockjam.boot.Traps;
import io.lockjam.control.LoadedList;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(2);

    private final Instrumentation instrumentation;
    private final Installation in;
    private final Faults faults;
    private volatile @Nullable Weaving probes; // made when first wanted
    private @Nullable Thread clock;
    private Set<String> runningAtBegin = Set.of();
    private volatile long silentAt;

    Races(Instrumentation instrumentation, Installation in, Faults faults) {
        this.instrumentation = instrumentation;
        this.in = in;
        this.faults = faults;
    }

    /** Loaded classes whose names begin with one of the patterns, {@code com.acme.*}, or are one of them. */
    LoadedList classes(List<String> patterns, int most) {
        List<LoadedList.Loaded> found = new ArrayList<>();
        int matched = 0;
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (candidate(type) && patterns.stream().anyMatch(pattern -> names(pattern, type.getName()))) {
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
            Traps.preload(in.events());
            weaving = new Weaving(instrumentation, faults);
            probes = weaving;
        }
        if (weaving.woven().isEmpty()) {
            runningAtBegin = running(Set.copyOf(names));
        } else {
            Set<String> more = new TreeSet<>(runningAtBegin);
            more.addAll(running(Set.copyOf(names)));
            runningAtBegin = more;
        }
        return weaving.weave(names, (name, loader, original) -> {
            if (loader == null || Class.forName(Probe.class.getName(), false, loader) != Probe.class) {
                throw new ClassNotFoundException("its class loader does not see the probes");
            }
            return prober.weave(name, loader, original);
        });
    }

    /** Lets the probes catch until the time is up or the window ends. */
    synchronized byte[] arm(int millis) {
        silentAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(Math.max(0, millis), LONGEST_MILLIS));
        Traps.arm();
        if (clock == null || !clock.isAlive()) {
            clock = in.threads().start("Races", this::run);
        }
        return PayloadWriter.EMPTY;
    }

    /** Ends the window: every class has its original bytes again. */
    synchronized WindowOutcome end() {
        silence();
        Traps.Counts counts = Traps.disarm();
        List<String> woven = probes == null ? List.of() : probes.woven();
        Set<String> still = running(Set.copyOf(woven));
        still.retainAll(runningAtBegin);
        WeaveOutcome restored = probes == null ? new WeaveOutcome(List.of(), List.of(), 0) : probes.restore(woven);
        tell();
        Set<String> methods = new TreeSet<>();
        still.forEach(each -> methods.add(each.substring(each.indexOf(' ') + 1)));
        return new WindowOutcome(
                restored, List.copyOf(methods), counts.set(), counts.hits(), counts.waitedNanos(), counts.dropped());
    }

    /** Probes stay where they are and do nothing: for a connection that was lost. */
    void silence() {
        silentAt = System.nanoTime();
        LockSupport.unpark(clock);
        Traps.silence();
    }

    /** Ends the window of a lockjam process that will not. */
    void abandon() {
        silence();
        if (probes != null) {
            end();
        }
    }

    /** Takes everything out for good. */
    synchronized void close() {
        silence();
        if (probes != null) {
            probes.end();
            probes = null;
        }
        Traps.disarm();
    }

    private void run() {
        while (System.nanoTime() - silentAt < 0) {
            LockSupport.parkNanos(this, TICK);
            Traps.tick();
            tell();
        }
        Traps.silence();
        tell();
    }

    private void tell() {
        try {
            RaceRows.drain(in.sinks().current());
        } catch (RuntimeException | LinkageError fault) {
            faults.caught("races", fault);
        }
    }

    private boolean candidate(Class<?> type) {
        return type.getClassLoader() != null
                && type.getClassLoader() != ClassLoader.getPlatformClassLoader()
                && !type.isArray()
                && !type.isHidden()
                && !Weaving.isOurs(type.getName())
                && instrumentation.isModifiableClass(type);
    }

    private static boolean names(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern) || name.startsWith(pattern + "$");
    }

    /** "thread class.method" of frames in these classes. One look at all threads, a safepoint. */
    private static Set<String> running(Set<String> internalNames) {
        Set<String> found = new TreeSet<>();
        if (internalNames.isEmpty()) {
            return found;
        }
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement frame : each.getValue()) {
                if (internalNames.contains(frame.getClassName().replace('.', '/'))) {
                    found.add(each.getKey().getId() + " " + frame.getClassName() + "." + frame.getMethodName());
                }
            }
        }
        return found;
    }
}
