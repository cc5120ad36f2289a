// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.LoadedList;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.model.Libraries;
import io.lockjam.weave.FieldProbeWeaver;
import io.lockjam.weave.ProbeSite;
import io.lockjam.weave.Probed;
import io.lockjam.weave.UsedTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Moves a window of probes over the target's classes: most promising first, a few seconds each, then the original code.
 *
 * <p>What costs is code that the JVM compiles anew, with the probes and again without them. So in the first minute classes keep theirs
 * while others get them, and a window goes on until the target has paid for it: a short look sees as much as it can. Then the windows rest,
 * since 5 % of the target's CPU on average is the most they may cost.
 */
final class RaceWatch extends LookThread {
    private static final int MOST = 40;
    /** While the compilers have no end of work: with fewer classes anew there is less of it at once. */
    private static final int LEAST = 10;

    /** Classes that keep their probes in the first minute; the application stops while they are given back. */
    private static final int MOST_WOVEN = 5 * MOST;

    private static final int MOST_ASKED = 10_000;
    private static final int MOST_CLASSES = 2_000;
    private static final Duration ARMED = Duration.ofSeconds(6);
    /** Before stacks have come in nobody knows what is promising: a short look. */
    private static final Duration ARMED_LEAST = Duration.ofSeconds(2);

    /** Probes that are met in code that is not compiled cost twice as much. */
    private static final Duration COMPILES = Duration.ofSeconds(3);
    /** The attach itself has the JVM drop compiled code, on 17 all of it; but a short look is to see something. */
    private static final Duration COMPILES_FIRST = Duration.ofMillis(500);
    /** A short look is to see more than one window, whatever it costs. */
    private static final Duration PAYS = Duration.ofSeconds(12);

    private static final long POLL_MILLIS = 250;
    private static final long REST_POLL_MILLIS = 1_000;
    /** The shortest rest: 6 s of code that runs 1.3 times as long in 36 s are 5 %. */
    private static final int REST_FACTOR = 5;

    private static final Duration FIRST_LOOK = Duration.ofSeconds(60);

    private final RaceLink agent;
    private final Patterns patterns;
    private final Nominator nominator;
    private final Rotation rotation;
    private final OriginFiles files = new OriginFiles();
    private final FieldProbeWeaver weaver = new FieldProbeWeaver(files);
    private final long begin = System.nanoTime();
    private final WindowBudget budget;
    private final Set<String> probed = ConcurrentHashMap.newKeySet();
    /** "class.method" in which something is looked at: of the others it makes no difference in which code they run. */
    private final Set<String> touching = ConcurrentHashMap.newKeySet();

    private final RaceTally tally = new RaceTally();
    /** Classes that have probes, or were asked for in vain. */
    private final Set<String> woven = new HashSet<>();

    /** Classes of the next window. */
    private int size = MOST;

    private RaceWatch(RaceLink agent, Patterns patterns, Nominator nominator, WindowBudget budget) {
        super("lockjam-races");
        this.agent = agent;
        this.patterns = patterns;
        this.nominator = nominator;
        this.budget = budget;
        rotation = new Rotation(nominator);
    }

    /** Starts on a thread of its own; ends by itself when the agent is gone. */
    static RaceWatch start(RaceLink agent, Patterns patterns, Nominator nominator, long pid) {
        WindowBudget budget = new WindowBudget(new TargetCpu(Path.of("/proc"), pid), System::nanoTime);
        RaceWatch watch = new RaceWatch(agent, patterns, nominator, budget);
        agent.prober(watch::probe);
        watch.start();
        return watch;
    }

    @Override
    public boolean hasProbed(String className) {
        return probed.contains(className);
    }

    @Override
    public void close() {
        super.close();
        try {
            files.close();
        } catch (IOException unimportant) {
            says("stopped: " + unimportant.getMessage());
        }
    }

    @Override
    void look() throws IOException, InterruptedException {
        budget.begin();
        if (state().windows() == 0) {
            awaitCompilers(COMPILES_FIRST);
        }
        int met = nominator.meetings();
        List<String> next = next();
        long from = System.nanoTime();
        if (next.isEmpty() && woven.isEmpty()) {
            Thread.sleep(REST_POLL_MILLIS);
            return;
        }
        window(next, next.size() == size, met);
        budget.end();
        if (woven.isEmpty()) {
            rest(System.nanoTime() - from);
        }
    }

    @Override
    void end() throws IOException {
        if (!woven.isEmpty()) {
            closeWindow();
        }
        says("stopped");
    }

    private List<String> next() throws IOException {
        LoadedList loaded = agent.classes(patterns.asked(), MOST_ASKED);
        loaded.classes().forEach(each -> files.add(each.origin()));
        List<Rotation.Candidate> planned =
                rotation.plan(loaded.classes(), patterns.auto(), patterns.auto() ? MOST_ASKED : MOST_CLASSES);
        tally.planned(planned.size());
        says(plan(planned, loaded.matched()));
        return rotation.next(
                planned.stream().filter(each -> !woven.contains(each.name())).toList(), size);
    }

    private String plan(List<Rotation.Candidate> planned, int matched) {
        int all = planned.size();
        if (all == 0) {
            return patterns.auto()
                    ? "no class of the application is loaded; name some with --races com.acme.*"
                    : "no loaded class matches " + String.join(", ", patterns.texts());
        }
        long libraries = planned.stream().filter(each -> !each.own()).count();
        String which = patterns.auto()
                ? (all - libraries) + " of the application and " + libraries + " of libraries near where threads meet"
                : all == MOST_CLASSES ? "of " + matched + " that match" : "all that match";
        return (all == 1 ? "1 class (" : all + " classes (") + which + "), at most " + MOST + " at a time, for "
                + ARMED.toSeconds() + " s each";
    }

    private void window(List<String> names, boolean full, int met) throws IOException, InterruptedException {
        if (!names.isEmpty()) {
            weave(names);
            awaitCompilers(state().windows() == 0 ? COMPILES_FIRST : COMPILES);
        }
        agent.arm((int) ARMED.toMillis() + 1_000);
        tally.armed();
        says(state().says());
        await(names, full, met);
        long latest = System.nanoTime() + PAYS.toNanos();
        while (isFirstLook() && System.nanoTime() < latest && !isWorthMore(names, met) && !budget.isPaidAtOnce()) {
            Thread.sleep(REST_POLL_MILLIS);
        }
        if (!isFirstLook() || woven.size() > MOST_WOVEN - MOST) {
            closeWindow();
        }
    }

    /** Waits until they have caught up, but not for long; where they have not, the next window is smaller. */
    private void awaitCompilers(Duration most) throws InterruptedException {
        long latest = System.nanoTime() + most.toNanos();
        budget.isCompiled();
        do {
            Thread.sleep(POLL_MILLIS);
            if (budget.isCompiled()) {
                size = Math.min(MOST, 2 * size);
                return;
            }
        } while (System.nanoTime() < latest);
        size = Math.max(LEAST, size / 2);
    }

    /** Nobody knew what is promising when the first window was chosen: what it costs is little, most of it the attach's. */
    private boolean isWorthMore(List<String> names, int met) {
        return state().windows() == 1 && names.size() < LEAST && nominator.meetings() != met;
    }

    private boolean isFirstLook() {
        return System.nanoTime() - begin < FIRST_LOOK.toNanos();
    }

    private void closeWindow() throws IOException {
        woven.clear();
        tally.ended(agent.end(), touching::contains);
        says(state().says());
    }

    /** Until the window's time is up, or another one promises more. */
    private void await(List<String> names, boolean full, int met) throws InterruptedException {
        long end = System.nanoTime() + ARMED.toNanos();
        Thread.sleep(ARMED_LEAST.toMillis());
        while (System.nanoTime() < end
                && (state().windows() > 1 || names.stream().anyMatch(nominator::met))
                && rotation.goesOn(names, full, met)) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private void weave(List<String> names) throws IOException {
        woven.addAll(names);
        probed.addAll(names);
        WeaveOutcome outcome =
                agent.probe(names.stream().map(name -> name.replace('.', '/')).toList());
        tally.woven(outcome);
        says(state().says());
        Set<String> done = Set.copyOf(outcome.done());
        names.forEach(name -> rotation.looked(name, done.contains(name.replace('.', '/'))));
    }

    private void rest(long took) throws InterruptedException {
        if (isFirstLook()) {
            return;
        }
        Thread.sleep(took * REST_FACTOR / 1_000_000);
        String plan = state().says();
        while (!budget.isRested()) {
            says("%s; rests, as the last window cost %.1f s of CPU"
                    .formatted(plan, budget.cost().toMillis() / 1e3));
            Thread.sleep(REST_POLL_MILLIS);
        }
        says(plan);
    }

    private byte @Nullable [] probe(ClassBytes original) {
        String name = original.name().replace('/', '.');
        if (!Libraries.has(name)) {
            rotation.uses(
                    name,
                    UsedTypes.of(original.bytes(), files).stream()
                            .map(each -> each.replace('/', '.'))
                            .collect(Collectors.toSet()));
        }
        Probed done = weaver.weave(original.bytes());
        if (done == null) {
            return null;
        }
        for (ProbeSite each : done.sites()) {
            touching.add(each.className().replace('/', '.') + "." + each.method());
        }
        return done.bytes();
    }

    private void says(String sentence) {
        show(tally.state(sentence));
    }
}
