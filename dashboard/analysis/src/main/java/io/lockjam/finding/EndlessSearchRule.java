// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Range;
import io.lockjam.window.Scheduled;
import io.lockjam.window.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds threads that never come out of a search in a map, since its links have become a circle.
 *
 * <p>Each of a thread's samples, for five seconds and up to now, stands in the same loop of a map that is not thread-safe, below the same lines of
 * the application, and the thread wanted a core for nearly all of that time. A search that ends takes less than a thousandth of that, and whoever
 * repeats it is sampled elsewhere, too: of 50 samples at least one, since the loop of a search in a hash table is less than nine tenths of it.
 */
record EndlessSearchRule(Duration minTime, long minSamples, double minShare) implements Rule<Situation> {
    static final EndlessSearchRule DEFAULT = new EndlessSearchRule(Duration.ofSeconds(5), 50, 0.8);

    /** A thread that was not sampled since then may have come out. */
    private static final long SILENT_SECONDS = 2;

    /**
     * A thread in one search.
     *
     * @param since when the first of its samples there was taken, or later
     */
    private record Search(ThreadRef thread, String map, Stack stack, Instant since, long samples, double cores) {
        Frame line() {
            return stack.site().orElseThrow();
        }
    }

    @Override
    public Kind kind() {
        return Kind.BUSY_WAIT;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        Map<Long, List<Session.Samples>> byThread = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            byThread.computeIfAbsent(each.thread().id(), id -> new ArrayList<>())
                    .add(each);
        }
        Map<String, List<Search>> byMap = new LinkedHashMap<>();
        for (List<Session.Samples> samples : byThread.values()) {
            search(samples, all)
                    .ifPresent(search -> byMap.computeIfAbsent(search.map(), map -> new ArrayList<>())
                            .add(search));
        }
        return Verdict.of(
                byMap.values().stream().map(searches -> finding(searches, all)).toList());
    }

    private Optional<Search> search(List<Session.Samples> samples, Situation all) {
        List<Session.Samples> latest = samples.stream()
                .sorted(Comparator.comparingLong(Session.Samples::second).reversed())
                .toList();
        Session.Samples last = latest.get(0);
        Optional<String> map = map(last, all);
        long now = all.range().to().getEpochSecond();
        if (map.isEmpty() || last.second() < now - SILENT_SECONDS) {
            return Optional.empty();
        }
        List<String> users = users(last.stack());
        long before = latest.stream()
                .filter(each -> !map.equals(map(each, all)) || !users.equals(users(each.stack())))
                .mapToLong(Session.Samples::second)
                .findFirst()
                .orElse(Long.MIN_VALUE);
        List<Session.Samples> there =
                latest.stream().filter(each -> each.second() > before).toList();
        long count = there.stream().mapToLong(Session.Samples::count).sum();
        if (count < minSamples) {
            return Optional.empty();
        }
        Instant since = Instant.ofEpochSecond(there.get(there.size() - 1).second());
        Duration lasted = Duration.between(since, all.range().to());
        double cores = cores(last.thread(), new Range(since, all.range().to()), all);
        return lasted.compareTo(minTime) < 0 || cores < minShare
                ? Optional.empty()
                : Optional.of(new Search(last.thread(), map.get(), last.stack(), since, count, Math.min(1, cores)));
    }

    private static Optional<String> map(Session.Samples samples, Situation all) {
        return samples.kind() == Fact.ActivityKind.RUNNING
                ? all.session().code().searched(samples.stack())
                : Optional.empty();
    }

    /** The call of the map and what is below it: where nothing may change while the search lasts. */
    private static List<String> users(Stack stack) {
        return Stream.concat(
                        Stream.of(call(stack)),
                        stack.frames().stream().dropWhile(Frame::isJdk).map(Frame::toString))
                .toList();
    }

    /** What the application has called. */
    private static Frame inside(Stack stack) {
        return stack.frames().stream()
                .takeWhile(Frame::isJdk)
                .reduce((inner, outer) -> outer)
                .orElseThrow();
    }

    private static String call(Stack stack) {
        Frame inside = inside(stack);
        return Words.simple(inside.className()) + "." + inside.method();
    }

    /** Cores that the thread was on or waited for; 1 for a virtual thread, of which nobody counts that. */
    private static double cores(ThreadRef thread, Range span, Situation all) {
        Scheduled time = all.session().scheduled(thread, span);
        long known = time.ran() + time.queued();
        return known == 0 ? 1 : known / 1e9 / Math.max(1, span.seconds());
    }

    private Finding finding(List<Search> searches, Situation all) {
        Search first = first(searches);
        List<String> names = Words.labels(searches.stream().map(Search::thread));
        double cores = searches.stream().mapToDouble(Search::cores).sum();
        Frame inside = inside(first.stack());
        return new Finding.EndlessSearch(
                new Details(
                        "endless|" + first.map(),
                        all.range(),
                        new Subject("field", inside.className(), Words.simple(first.map()), "0", ""),
                        text(searches, cores, all),
                        new Impact(cores, names.size()),
                        searches.stream()
                                .map(each -> new Place("waiter", each.line(), each.stack()))
                                .distinct()
                                .toList(),
                        names,
                        evidence(searches),
                        List.of()),
                searches.stream().map(each -> each.thread().group()).collect(Collectors.toSet()));
    }

    private Text text(List<Search> searches, double cores, Situation all) {
        Search first = first(searches);
        String call = call(first.stack());
        String map = Words.simple(first.map());
        double burnt = all.cores() > 0 ? Math.min(cores, all.cores()) : cores;
        String lasted = Words.time(Duration.between(first.since(), all.range().to()));
        boolean one = searches.size() == 1;
        return new Text(
                "%s out of %s any more, at %s: %s is broken."
                        .formatted(
                                one
                                        ? first.thread().label() + " does not come"
                                        : Words.count(searches.size(), "thread") + " do not come",
                                call,
                                Words.place(first.line()),
                                map),
                "For %s now each sample of %s stands in the loop of %s, below the same lines. That class is not made for several threads: where two change it at once, its entries can be linked to a circle, and a search in it never ends."
                        .formatted(lasted, one ? "it" : "them", call),
                "%s burnt until the program ends, and %s nothing else."
                        .formatted(
                                Words.number(burnt) + (burnt == 1 ? " core is" : " cores are"),
                                one ? "the thread does" : "the threads do"),
                "%s: %s, for all that use it. What goes round now ends only with the program."
                        .formatted(map, RaceCure.another(type(first.stack()), isSet(inside(first.stack())))),
                "Each search ends, and no entry is lost.",
                "Concluded from %s and the code; the race that broke the map is over."
                        .formatted(Words.count(samples(searches), "sample")),
                threshold(first, lasted));
    }

    private String threshold(Search first, String lasted) {
        return "All samples of %s and more in one loop of a map, %d at least, and %s of a core wanted; here %s, %d and %s."
                .formatted(
                        Words.time(minTime),
                        minSamples,
                        Words.percent(minShare),
                        lasted,
                        first.samples(),
                        Words.percent(first.cores()));
    }

    private static Search first(List<Search> searches) {
        return searches.stream().min(Comparator.comparing(Search::since)).orElseThrow();
    }

    private static long samples(List<Search> searches) {
        return searches.stream().mapToLong(Search::samples).sum();
    }

    private static Map<String, Object> evidence(List<Search> searches) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("samples", samples(searches));
        evidence.put("since", first(searches).since().toString());
        return evidence;
    }

    /** Of the map, not of what has it inside. */
    private static String type(Stack stack) {
        return stack.frames().stream()
                .map(Frame::className)
                .filter(each -> each.endsWith("Map"))
                .findFirst()
                .map(Words::simple)
                .orElse("HashMap");
    }

    private static boolean isSet(Frame inside) {
        return inside.className().endsWith("Set");
    }
}
