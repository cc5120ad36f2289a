// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds threads that look again and again whether something has happened: spinning, or sleeping for a moment between looks.
 *
 * <p>Spinning is told from computing by the code: half of a thread's samples, and half of a core, stand in a loop that calls nothing but
 * onSpinWait, yield or a getter and stores nothing. Sleep-polling: one place sleeps at least 100 times a second for half a millisecond or
 * less on average; a program that paces itself sleeps longer.
 */
record BusyWaitRule(double minCores, double minSpinning, double minSleepsPerSecond, double maxSleepMillis)
        implements Rule<Situation> {
    static final BusyWaitRule DEFAULT = new BusyWaitRule(0.5, 0.5, 100, 0.5);
    /** Samples per second of a thread that never leaves its core, at our 20 ms period. */
    private static final double SAMPLES_PER_CORE = 50;

    private static final int MIN_SAMPLES = 20;

    @Override
    public Kind kind() {
        return Kind.BUSY_WAIT;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<Finding> found = findAll(all);
        return found.isEmpty() ? Verdict.CLEAR : new Verdict.Found(found.get(0));
    }

    /** One for each place. */
    List<Finding> findAll(Situation all) {
        List<Finding> found = new ArrayList<>(sleeping(all));
        found.addAll(spinning(all));
        return found;
    }

    private List<Finding> sleeping(Situation all) {
        Map<String, List<Session.Samples>> byPlace = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            if (each.kind() == Fact.ActivityKind.SLEEP && each.stack().site().isPresent()) {
                byPlace.computeIfAbsent(Words.place(each.stack().site().get()), place -> new ArrayList<>())
                        .add(each);
            }
        }
        List<Finding> found = new ArrayList<>();
        byPlace.forEach((place, sleeps) -> {
            long count = sleeps.stream().mapToLong(Session.Samples::count).sum();
            double mean = sleeps.stream().mapToLong(Session.Samples::nanos).sum() / 1e6 / Math.max(1, count);
            double rate = count / all.seconds();
            if (rate >= minSleepsPerSecond && mean <= maxSleepMillis) {
                String what = "%s %s %s times a second for %s and looks again, at %s."
                        .formatted(
                                threads(sleeps),
                                sleeps.size() == 1 ? "sleeps" : "sleep",
                                Words.number(rate),
                                Words.millis(mean),
                                place);
                String threshold = "At least %s sleeps a second at one place, %s on average or less; here %s and %s."
                        .formatted(
                                Words.number(minSleepsPerSecond),
                                Words.millis(maxSleepMillis),
                                Words.number(rate),
                                Words.millis(mean));
                found.add(finding(place, sleeps, what, rate * 0.02 / 1e3, threshold, all));
            }
        });
        return found;
    }

    private List<Finding> spinning(Situation all) {
        Map<Long, List<Session.Samples>> byThread = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            if (each.kind() == Fact.ActivityKind.RUNNING) {
                byThread.computeIfAbsent(each.thread().id(), id -> new ArrayList<>())
                        .add(each);
            }
        }
        List<Finding> found = new ArrayList<>();
        for (List<Session.Samples> samples : byThread.values()) {
            long count = samples.stream().mapToLong(Session.Samples::count).sum();
            List<Session.Samples> spins =
                    samples.stream().filter(each -> spins(each.stack(), all)).toList();
            long spun = spins.stream().mapToLong(Session.Samples::count).sum();
            double cores = spun / SAMPLES_PER_CORE / all.seconds();
            if (count >= MIN_SAMPLES && spun >= minSpinning * count && cores >= minCores) {
                String place = Words.place(spins.get(0).stack().site().orElse(null));
                String what = "%s burns %s of a core looking at a condition, at %s."
                        .formatted(samples.get(0).thread().label(), Words.percent(Math.min(1, cores)), place);
                String threshold =
                        "Half of the samples in a loop that only looks, half a core; here %s of %d samples and %s of a core."
                                .formatted(
                                        Words.percent((double) spun / count), count, Words.percent(Math.min(1, cores)));
                found.add(finding(place, spins, what, Math.min(1, cores), threshold, all));
            }
        }
        return found;
    }

    private static boolean spins(Stack stack, Situation all) {
        for (Frame frame : stack.frames().subList(0, Math.min(2, stack.frames().size()))) {
            boolean pauses = frame.className().equals("java.lang.Thread")
                    && (frame.method().equals("onSpinWait") || frame.method().startsWith("yield"));
            if (pauses) {
                return true;
            }
        }
        return all.session().polls(stack);
    }

    private static String threads(List<Session.Samples> samples) {
        List<String> names =
                samples.stream().map(each -> each.thread().label()).distinct().toList();
        return names.size() == 1
                ? names.get(0)
                : Words.count(names.size(), "thread") + " ("
                        + samples.get(0).thread().group() + ")";
    }

    private static Finding finding(
            String place, List<Session.Samples> samples, String what, double cores, String threshold, Situation all) {
        Stack stack = samples.get(0).stack();
        long count = samples.stream().mapToLong(Session.Samples::count).sum();
        Text text = new Text(
                what,
                "The thread asks for a change instead of being told of it.",
                Words.number(cores) + " cores are burnt, and what is waited for is seen late by one turn of the loop.",
                "Wait on a blocking queue, a condition or a latch that the other side signals, at " + place + ".",
                "The thread uses no core while it waits and goes on within microseconds of the signal.",
                "Rests on " + Words.count(count, "sample or sleep") + ".",
                threshold);
        List<Place> where = stack.site()
                .map(frame -> List.of(new Place("waiter", frame, stack)))
                .orElse(List.of());
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("count", count);
        List<String> names = samples.stream()
                .map(each -> each.thread().label())
                .distinct()
                .limit(50)
                .toList();
        return new Finding.BusyWait(new Details(
                place,
                all.range(),
                new Subject(
                        "thread", "java.lang.Thread", samples.get(0).thread().group(), "0", ""),
                text,
                new Impact(cores, names.size()),
                where,
                names,
                evidence,
                List.of()));
    }
}
