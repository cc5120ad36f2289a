// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds threads that look again and again whether something has happened: spinning, or sleeping for a moment between looks.
 *
 * <p>Spinning is told from computing by the code: half of a thread's samples stand in a loop that calls nothing but onSpinWait, yield or a
 * getter and stores nothing, and the thread wants half a core for it: time in the run queue counts, so that a crowded machine does not
 * hide it. Sleep-polling: one place sleeps at least 100 times a second for 5 ms or less on average and, by its code, does nothing but
 * look in between; without the code, half a millisecond, since a program that paces itself sleeps longer. The 5 ms leave room for
 * JDK 17, which sleeps no less than 1 ms, and for a crowded machine.
 */
record BusyWaitRule(
        double minCores, double minSpinning, double minSleepsPerSecond, double maxSleepMillis, double maxBlindMillis)
        implements Rule<Situation> {
    static final BusyWaitRule DEFAULT = new BusyWaitRule(0.5, 0.5, 100, 5, 0.5);
    private static final int MIN_SAMPLES = 20;

    /** Of the agent, at a thread in Thread.yield: half a second apart and more, so they weigh more than samples. */
    private static final int MIN_LOOKS = 5;

    /** Share of the sampled parks, from which on a place stands for the whole row. */
    private static final double ONE_PLACE = 0.9;

    /** Parks of a place, to see who they are. */
    private static final int PARKS = 2_000;

    /**
     * A thread that spins at one place.
     *
     * @param share of its samples that are there
     * @param count of its samples
     * @param cores that it wants for it
     */
    private record Spinner(List<Session.Samples> spins, double share, long count, double cores) {}

    @Override
    public Kind kind() {
        return Kind.BUSY_WAIT;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        return Verdict.of(findAll(all));
    }

    /** One for each place. */
    private List<Finding> findAll(Situation all) {
        List<Finding> found = new ArrayList<>(sleeping(all));
        found.addAll(parking(all));
        found.addAll(spinning(all));
        found.addAll(interrupted(all));
        return found;
    }

    /** Threads that were interrupted, and wait again and again with the flag set. An exception is made in native code, where samples are few. */
    private List<Finding> interrupted(Situation all) {
        Map<Long, List<Session.Samples>> byThread = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            if (each.kind() != Fact.ActivityKind.SLEEP) {
                byThread.computeIfAbsent(each.thread().id(), id -> new ArrayList<>())
                        .add(each);
            }
        }
        List<Finding> found = new ArrayList<>();
        for (List<Session.Samples> samples : byThread.values()) {
            List<Session.Samples> turns = samples.stream()
                    .filter(each -> all.session().code().interruptsItself(each.stack()))
                    .toList();
            long count = samples.stream().mapToLong(Session.Samples::count).sum();
            long turned = turns.stream().mapToLong(Session.Samples::count).sum();
            double cores = Math.min(1, wanted(samples.get(0), all) * turned / Math.max(1, count));
            if (count >= MIN_LOOKS && turned >= minSpinning * count && cores >= minCores) {
                found.add(interrupted(turns, count, turned, cores, all));
            }
        }
        return found;
    }

    private static Finding interrupted(
            List<Session.Samples> turns, long count, long turned, double cores, Situation all) {
        String place = Words.place(turns.get(0).stack().site().orElse(null));
        Text text = new Text(
                "%s burns %s of a core since it was interrupted: it waits again at once, at %s."
                        .formatted(turns.get(0).thread().label(), Words.percent(cores), place),
                "The loop catches InterruptedException and sets the flag of interruption again, so that each further wait"
                        + " throws at once.",
                Words.number(cores) + " cores are burnt, and the thread does not end although it was asked to.",
                "Leave the loop when the thread is interrupted (return or break in the catch block), at " + place
                        + ", or set the flag only after the loop.",
                "The thread ends, as whoever interrupted it expects.",
                "Rests on " + Words.count(count, "sample") + " and the code.",
                "Half of the samples in such a loop, half a core; here %s of %d samples and %s of a core."
                        .formatted(Words.percent((double) turned / count), count, Words.percent(cores)));
        return finding(place, turns, text, cores, all);
    }

    private List<Finding> sleeping(Situation all) {
        Map<String, List<Session.Samples>> byPlace = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            if (each.kind() == Fact.ActivityKind.SLEEP && each.stack().site().isPresent()) {
                String place = Words.place(at(each.stack(), all));
                byPlace.computeIfAbsent(place + "|" + each.thread().group(), threadsThere -> new ArrayList<>())
                        .add(each);
            }
        }
        List<Finding> found = new ArrayList<>();
        byPlace.forEach((placeAndGroup, sleeps) -> {
            String place = Words.place(at(sleeps.get(0).stack(), all));
            long count = sleeps.stream().mapToLong(Session.Samples::count).sum();
            double mean = sleeps.stream().mapToLong(Session.Samples::nanos).sum() / 1e6 / Math.max(1, count);
            double rate = count / all.seconds();
            boolean looks = mean <= maxBlindMillis
                    || (mean <= maxSleepMillis
                            && all.session().polls(sleeps.get(0).stack()));
            if (rate >= minSleepsPerSecond && looks) {
                boolean one =
                        sleeps.stream().map(Session.Samples::thread).distinct().count() == 1;
                String what = "%s %s %s times a second for %s and %s again, at %s."
                        .formatted(
                                threads(sleeps, all),
                                one ? "sleeps" : "sleep",
                                Words.number(rate),
                                Words.millis(mean),
                                one ? "looks" : "look",
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

    /** As sleeping: {@code LockSupport.parkNanos} without anybody who would unpark. Parks of all places may share a row. */
    private List<Finding> parking(Situation all) {
        List<Finding> found = new ArrayList<>();
        for (LockWindow parks : all.locks()) {
            if (parks.kind() != WaitKind.PARK || parks.contentions() < minSleepsPerSecond * all.seconds()) {
                continue;
            }
            for (LockWindow.SiteShare site : parks.sites()) {
                double count = parks(parks, site);
                double rate = count / all.seconds();
                double mean = site.waited().toNanos() / 1e6 / Math.max(1, count);
                boolean often = site.site() != null && rate >= minSleepsPerSecond && mean <= maxSleepMillis;
                if (often && (all.session().polls(site.stack()) || endsByItself(parks, mean))) {
                    List<Session.Samples> of = parked(parks, site, all);
                    String place = Words.place(at(site.stack(), all));
                    String what = "%s %s %s times a second for %s and %s again, at %s."
                            .formatted(
                                    threads(of, all),
                                    of.size() == 1 ? "parks" : "park",
                                    Words.number(rate),
                                    Words.millis(mean),
                                    of.size() == 1 ? "looks" : "look",
                                    place);
                    String threshold = "At least %s parks a second, %s on average or less; here %s and %s."
                            .formatted(
                                    Words.number(minSleepsPerSecond),
                                    Words.millis(maxSleepMillis),
                                    Words.number(rate),
                                    Words.millis(mean));
                    found.add(finding(place, of, what, rate * 0.02 / 1e3, threshold, all));
                }
            }
        }
        return found;
    }

    /**
     * How often threads parked at a place. Long parks are sampled rather than short ones, so that the samples of a place tell fewer and longer ones
     * than there were; where nearly all are of one place, the row has counted them.
     */
    private static double parks(LockWindow row, LockWindow.SiteShare site) {
        long sampled =
                row.sites().stream().mapToLong(LockWindow.SiteShare::waits).sum();
        double share = (double) site.waits() / Math.max(1, sampled);
        return share < ONE_PLACE ? (double) site.waits() : Math.max((double) site.waits(), share * row.contentions());
    }

    /** Without the code: so many short parks at one place, and nobody was seen to end one. */
    private boolean endsByItself(LockWindow parks, double mean) {
        return mean <= maxBlindMillis && parks.releasers().isEmpty();
    }

    /** The threads that park there, as if they had slept; all of the row if of none the place is known. */
    private static List<Session.Samples> parked(LockWindow parks, LockWindow.SiteShare site, Situation all) {
        List<ThreadRef> there =
                all
                        .session()
                        .waits(
                                all.range(),
                                WaitQuery.all(PARKS).forLock(parks.id()).withoutHolders())
                        .stream()
                        .filter(wait ->
                                Words.place(wait.stack().site().orElse(null)).equals(Words.place(site.site())))
                        .map(Wait::waiter)
                        .distinct()
                        .toList();
        List<ThreadRef> threads = there.isEmpty()
                ? parks.waitingThreads().stream().map(LockWindow.Part::thread).toList()
                : there;
        int each = (int) Math.min(Integer.MAX_VALUE, parks(parks, site) / Math.max(1, threads.size()));
        return threads.stream()
                .map(thread -> new Session.Samples(0, thread, Fact.ActivityKind.SLEEP, site.stack(), each, 0))
                .toList();
    }

    private List<Finding> spinning(Situation all) {
        Map<Long, List<Session.Samples>> byThread = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            if (each.kind() == Fact.ActivityKind.RUNNING) {
                byThread.computeIfAbsent(each.thread().id(), id -> new ArrayList<>())
                        .add(each);
            }
        }
        Map<Long, Long> looks = new HashMap<>();
        for (Session.Samples each : yields(all)) {
            byThread.computeIfAbsent(each.thread().id(), id -> new ArrayList<>())
                    .add(each);
            looks.merge(each.thread().id(), 1L, Long::sum);
        }
        Map<String, List<Spinner>> byPlace = new LinkedHashMap<>();
        for (List<Session.Samples> samples : byThread.values()) {
            ThreadRef thread = samples.get(0).thread();
            boolean enough = looks.getOrDefault(thread.id(), 0L) >= MIN_LOOKS;
            long count = samples.stream().mapToLong(Session.Samples::count).sum();
            List<Session.Samples> spins =
                    samples.stream().filter(each -> spins(each.stack(), all)).toList();
            long spun = spins.stream().mapToLong(Session.Samples::count).sum();
            double cores = wanted(samples.get(0), all) * spun / Math.max(1, count);
            if ((enough || count >= MIN_SAMPLES) && spun >= minSpinning * count && cores >= minCores) {
                String place = Words.place(at(spins.get(0).stack(), all));
                byPlace.computeIfAbsent(place + "|" + thread.group(), threadsThere -> new ArrayList<>())
                        .add(new Spinner(spins, (double) spun / count, count, Math.min(1, cores)));
            }
        }
        return byPlace.values().stream()
                .map(spinners -> spinning(spinners, all))
                .toList();
    }

    private static Finding spinning(List<Spinner> spinners, Situation all) {
        List<Session.Samples> spins =
                spinners.stream().flatMap(each -> each.spins().stream()).toList();
        String place = Words.place(at(spins.get(0).stack(), all));
        double wanted = spinners.stream().mapToDouble(Spinner::cores).sum();
        double cores = all.cores() > 0 ? Math.min(wanted, all.cores()) : wanted;
        Spinner first = spinners.get(0);
        String burnt = Words.percent(first.cores()) + " of a core";
        String what = "%s %s %s looking at a condition, at %s."
                .formatted(
                        threads(spins, all),
                        spinners.size() == 1 ? "burns" : "burn",
                        spinners.size() == 1 ? burnt : Words.number(cores) + " cores",
                        place);
        String threshold =
                "Half of a thread's samples in a loop that only looks, half a core; here %s of %d samples and %s."
                        .formatted(Words.percent(first.share()), first.count(), burnt);
        return finding(place, spins, what, cores, threshold, all);
    }

    /** Threads found in Thread.yield, where JFR takes no samples. */
    private static List<Session.Samples> yields(Situation all) {
        return all.session().stacks(all.range()).stream()
                .filter(seen -> seen.reason().equals("yields"))
                .map(seen -> new Session.Samples(
                        seen.at().getEpochSecond(), seen.thread(), Fact.ActivityKind.RUNNING, seen.stack(), 1, 0))
                .toList();
    }

    /** Cores that the thread was on or waited for, 0 to 1; from its samples if the operating system says nothing. */
    private static double wanted(Session.Samples sample, Situation all) {
        for (ThreadWindow thread : all.threads()) {
            if (thread.thread().id() == sample.thread().id() && !Double.isNaN(thread.runQueueWaitShare())) {
                return Math.min(1, thread.cpuShare() + thread.runQueueWaitShare());
            }
        }
        long nanos = all.samples().stream()
                .filter(each -> each.kind() == Fact.ActivityKind.RUNNING
                        && each.thread().id() == sample.thread().id())
                .mapToLong(Session.Samples::nanos)
                .sum();
        return Math.min(1, nanos / 1e9 / all.seconds());
    }

    private static boolean spins(Stack stack, Situation all) {
        for (Frame frame : stack.frames().subList(0, Math.min(2, stack.frames().size()))) {
            boolean pauses = frame.className().equals("java.lang.Thread")
                    && (frame.method().equals("onSpinWait") || frame.method().startsWith("yield"));
            if (pauses) {
                return true;
            }
        }
        return all.session().polls(stack)
                && all.session().code().searched(stack).isEmpty();
    }

    /** The line of the loop, which may have a method of its own to pause. */
    private static @Nullable Frame at(Stack stack, Situation all) {
        return all.session().code().loop(stack).or(stack::site).orElse(null);
    }

    private static String threads(List<Session.Samples> samples, Situation all) {
        List<String> names =
                samples.stream().map(each -> each.thread().label()).distinct().toList();
        return names.size() == 1
                ? names.get(0)
                : Words.count(names.size(), "thread") + " ("
                        + all.groupName(samples.get(0).thread().group()) + ")";
    }

    private static String change(String place, Stack stack) {
        boolean ofLibrary =
                stack.site().filter(frame -> Libraries.has(frame.className())).isPresent();
        return ofLibrary
                ? "The library waits so at " + place + LentOutRule.calledFrom(stack)
                        + ": give it a way to wait that blocks, if it has a setting for it (Disruptor: BlockingWaitStrategy for"
                        + " consumers), or let what it waits for come sooner."
                : "Wait on a blocking queue, a condition or a latch that the other side signals, or for a lock by lock() in place of"
                        + " tryLock(), at " + place + ".";
    }

    private static Finding finding(
            String place, List<Session.Samples> samples, String what, double cores, String threshold, Situation all) {
        long count = samples.stream().mapToLong(Session.Samples::count).sum();
        Stack stack = samples.get(0).stack();
        Optional<FullRing> ring = FullRing.of(stack, all);
        Text text = new Text(
                what,
                ring.map(FullRing::why).orElse("The thread asks for a change instead of being told of it."),
                Words.number(cores) + " cores are burnt, and what is waited for is seen late by one turn of the loop.",
                ring.map(FullRing::change).orElseGet(() -> change(place, stack)),
                "The thread uses no core while it waits and goes on within microseconds of the signal.",
                "Rests on " + Words.count(count, "sample or sleep") + ".",
                threshold);
        return finding(place, samples, text, cores, all);
    }

    private static Finding finding(
            String place, List<Session.Samples> samples, Text text, double cores, Situation all) {
        Stack stack = samples.get(0).stack();
        long count = samples.stream().mapToLong(Session.Samples::count).sum();
        Frame loop = at(stack, all);
        List<Place> where = loop == null ? List.of() : List.of(new Place("waiter", loop, stack));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("count", count);
        List<String> names = Words.labels(samples.stream().map(Session.Samples::thread));
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
