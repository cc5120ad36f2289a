// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.LoadedList;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import io.lockjam.weave.FieldProbeWeaver;
import io.lockjam.weave.Probed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Moves a window of probes over the target's classes: most promising first, a few seconds each, then the original code.
 *
 * <p>The first round goes on without a break, so that a short look sees everything; then the window rests, since woven
 * code runs slower (measured: up to 1.3 times) and 5 % on average is the most it may cost.
 */
public final class RaceWatch implements AutoCloseable {
    private static final int WINDOW = 40;
    /** Classes retransformed at once: the application stops meanwhile. */
    private static final int BATCH = 10;

    private static final int MOST_CLASSES = 2_000;
    private static final int MOST_LINES = 200;
    private static final Duration ARMED = Duration.ofSeconds(6);
    /** 6 s of code that runs 1.3 times as long in 36 s are 5 %. */
    private static final int REST_FACTOR = 5;

    private static final Duration FIRST_LOOK = Duration.ofSeconds(60);

    private final RaceLink agent;
    private final Patterns patterns;
    private final Nominator nominator;
    private final OriginFiles files = new OriginFiles();
    private final FieldProbeWeaver weaver = new FieldProbeWeaver(files);
    private final Thread thread;
    private final long begin = System.nanoTime();
    private final Map<String, Integer> looked = new ConcurrentHashMap<>();
    private final Set<String> useless = new LinkedHashSet<>();
    private final List<String> failed = new ArrayList<>();
    private int failures;
    private volatile RaceState state = RaceState.NONE;
    private volatile boolean closed;

    private RaceWatch(RaceLink agent, Patterns patterns, Nominator nominator) {
        this.agent = agent;
        this.patterns = patterns;
        this.nominator = nominator;
        thread = new Thread(this::run, "lockjam-races");
        thread.setDaemon(true);
    }

    /** Starts on a thread of its own; ends by itself when the agent is gone. */
    public static RaceWatch start(RaceLink agent, Patterns patterns, Nominator nominator) {
        RaceWatch watch = new RaceWatch(agent, patterns, nominator);
        agent.prober(watch::probe);
        watch.thread.start();
        return watch;
    }

    public RaceState state() {
        return state;
    }

    /** Whether a window was open on this class: its bytecode indexes were others then. */
    public boolean hasProbed(String className) {
        return looked.containsKey(className);
    }

    /** Ends the window; its classes are restored before this returns, if the agent answers. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        try {
            files.close();
        } catch (IOException unimportant) {
            says("stopped: " + unimportant.getMessage());
        }
    }

    private void run() {
        try {
            while (!closed) {
                List<String> next = next();
                long from = System.nanoTime();
                if (!next.isEmpty()) {
                    window(next);
                }
                rest(next.isEmpty(), System.nanoTime() - from);
            }
        } catch (IOException over) {
            says("the agent does not answer any more: " + over.getMessage());
        } catch (InterruptedException stopped) {
            says("stopped");
        }
    }

    /** The next window's classes: those looked at least, and of them the most promising. */
    private List<String> next() throws IOException {
        LoadedList loaded = agent.classes(patterns.asked(), patterns.auto() ? 10_000 : MOST_CLASSES);
        List<String> names = new ArrayList<>();
        for (LoadedList.Loaded each : loaded.classes()) {
            if (!patterns.auto() || OwnCode.is(each)) {
                files.add(each.origin());
                names.add(each.name());
            }
        }
        says(plan(names.size(), loaded.matched()));
        names.removeIf(useless::contains);
        state = with(state, names.size());
        names.sort(Comparator.<String>comparingInt(name -> looked.getOrDefault(name, 0))
                .thenComparing(Comparator.comparingDouble(nominator::rank).reversed())
                .thenComparing(Comparator.naturalOrder()));
        return List.copyOf(names.subList(0, Math.min(WINDOW, names.size())));
    }

    private String plan(int own, int matched) {
        if (own == 0) {
            return patterns.auto()
                    ? "no class of the application's own is loaded; name some with --races com.acme.*"
                    : "no loaded class matches " + String.join(", ", patterns.texts());
        }
        String bound = matched > own && !patterns.auto() ? " (the first of " + matched + " that match)" : "";
        return own + " classes" + bound + ", " + WINDOW + " at a time for " + ARMED.toSeconds() + " s each";
    }

    private void window(List<String> names) throws IOException, InterruptedException {
        boolean again = true;
        try {
            for (int from = 0; from < names.size(); from += BATCH) {
                weave(names.subList(from, Math.min(names.size(), from + BATCH)));
            }
            agent.arm((int) ARMED.toMillis() + 1_000);
            state = armed(true);
            Thread.sleep(ARMED.toMillis());
        } catch (InterruptedException stopped) {
            again = false;
        }
        WindowOutcome outcome = agent.end();
        state = ended(outcome);
        fail(outcome.restored().failed());
        if (!again) {
            throw new InterruptedException();
        }
    }

    private void weave(List<String> names) throws IOException {
        names.forEach(name -> looked.merge(name, 1, Integer::sum));
        WeaveOutcome outcome =
                agent.probe(names.stream().map(name -> name.replace('.', '/')).toList());
        outcome.failed().forEach(line -> useless.add(line.split(":", 2)[0].replace('/', '.')));
        fail(outcome.failed());
        Set<String> done = Set.copyOf(outcome.done());
        names.stream().filter(name -> !done.contains(name.replace('.', '/'))).forEach(useless::add);
        state = woven(outcome);
    }

    private void rest(boolean nothing, long took) throws InterruptedException {
        boolean firstLook = System.nanoTime() - begin < FIRST_LOOK.toNanos();
        long nanos = nothing ? 1_000_000_000L : firstLook ? took / 20 : took * REST_FACTOR;
        Thread.sleep(nanos / 1_000_000);
    }

    private byte @Nullable [] probe(ClassBytes original) {
        Probed probed = weaver.weave(original.bytes());
        return probed == null ? null : probed.bytes();
    }

    private void fail(List<String> lines) {
        failures += lines.size();
        lines.stream().limit(Math.max(0, MOST_LINES - failed.size())).forEach(failed::add);
    }

    private void says(String sentence) {
        RaceState s = state;
        state = new RaceState(
                sentence,
                s.armed(),
                s.planned(),
                s.probed(),
                s.windows(),
                s.failed(),
                s.failures(),
                s.notObservable(),
                s.weaveNanos(),
                s.longestBatchNanos(),
                s.traps(),
                s.hits(),
                s.waitedNanos());
    }

    private static RaceState with(RaceState s, int planned) {
        return new RaceState(
                s.says(),
                s.armed(),
                planned,
                s.probed(),
                s.windows(),
                s.failed(),
                s.failures(),
                s.notObservable(),
                s.weaveNanos(),
                s.longestBatchNanos(),
                s.traps(),
                s.hits(),
                s.waitedNanos());
    }

    private RaceState armed(boolean armed) {
        RaceState s = state;
        return new RaceState(
                s.says(),
                armed,
                s.planned(),
                s.probed(),
                s.windows(),
                s.failed(),
                s.failures(),
                s.notObservable(),
                s.weaveNanos(),
                s.longestBatchNanos(),
                s.traps(),
                s.hits(),
                s.waitedNanos());
    }

    private RaceState woven(WeaveOutcome outcome) {
        RaceState s = state;
        return new RaceState(
                s.says(),
                s.armed(),
                s.planned(),
                s.probed() + outcome.done().size(),
                s.windows(),
                List.copyOf(failed),
                failures,
                s.notObservable(),
                s.weaveNanos() + outcome.tookNanos(),
                Math.max(s.longestBatchNanos(), outcome.tookNanos()),
                s.traps(),
                s.hits(),
                s.waitedNanos());
    }

    private RaceState ended(WindowOutcome outcome) {
        RaceState s = state;
        Set<String> running = new LinkedHashSet<>(s.notObservable());
        running.addAll(outcome.running());
        return new RaceState(
                s.says(),
                false,
                s.planned(),
                s.probed(),
                s.windows() + 1,
                s.failed(),
                s.failures(),
                List.copyOf(running),
                s.weaveNanos() + outcome.restored().tookNanos(),
                Math.max(s.longestBatchNanos(), outcome.restored().tookNanos()),
                s.traps() + outcome.traps(),
                s.hits() + outcome.hits(),
                s.waitedNanos() + outcome.waitedNanos());
    }
}
