// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Boxes;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.LibraryEntry;
import io.lockjam.model.TwoSteps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reports data races that were caught: two threads stood at conflicting accesses at the same moment; and, of a test run that
 * asked for it, those predicted: nothing that was seen has ordered the two. What was also caught is told as caught.
 *
 * <p>How bad it is and what cures it follows from its {@link RaceKind}; two that write the same value which was there before they came
 * are information. Meetings at one field are one finding, which counts them and names each pair of places; those of fields beneath the
 * same calls of a library are one finding, too ({@link SharedUse}).
 */
record DataRaceRule() implements Rule<Situation> {
    static final DataRaceRule DEFAULT = new DataRaceRule();

    /** Frames of a library between the application's call and the access, for the object to count as the application's. */
    private static final int DIRECT = 3;

    /** Pairs of places listed in the evidence. */
    private static final int MOST_PAIRS = 10;

    /** At the end of a call that uses its last argument. */
    private static final String GIVEN = "(it)";

    /** Behind the class of an object that the code has no other name for. */
    private static final String THIS = " (this)";

    private static final String UNSEEN = " They were not seen at the same time.";

    private static final String INSIDE = " It is in a library's own code, whose authors may have meant it.";

    private static final String COUNTS =
            " It is in a library's own code and only counts: the number may be too low, and what it limits be done once too often.";

    private static final String LET_COUNT =
            "nothing, if the number need not be exact; else look for a version of the library that counts"
                    + " it in one step";

    @Override
    public Kind kind() {
        return Kind.DATA_RACE;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        return Verdict.of(findAll(all));
    }

    /** A race is a defect of the code, so all that is kept counts, not only the range; one finding for each field or object. */
    private List<Finding> findAll(Situation all) {
        Map<String, List<Fact.RaceSeen>> byField = new LinkedHashMap<>();
        Map<String, String> together = new HashMap<>();
        for (Fact.RaceSeen race : all.session().races(all.session().kept())) {
            if (!race.field().isEmpty()) { // else JFR has lost the strings of that event
                String key = key(race, all);
                String object = race.field() + "@" + race.identity();
                String known =
                        together.getOrDefault(key, isUnnamed(race, all) ? together.getOrDefault(object, key) : key);
                together.put(key, known);
                together.putIfAbsent(object, known);
                byField.computeIfAbsent(known, any -> new ArrayList<>()).add(race);
            }
        }
        List<List<Fact.RaceSeen>> fields =
                byField.values().stream().map(DataRaceRule::surest).toList();
        return SharedUse.of(fields, all.session()).stream()
                .flatMap(use -> findings(use, all))
                .toList();
    }

    /** What is worth knowing at most is told of each field: it may be meant so. */
    private static Stream<Finding> findings(SharedUse use, Situation all) {
        Fact.RaceSeen worst = worst(surest(use.all()), all);
        boolean shared = use.fields().size() > 1 && severity(worst, name(worst, all)) != Severity.INFO;
        return shared
                ? Stream.of(finding(worst, use, all))
                : use.fields().stream().map(races -> finding(worst(races, all), new SharedUse(List.of(races)), all));
    }

    private static List<Fact.RaceSeen> surest(List<Fact.RaceSeen> races) {
        List<Fact.RaceSeen> caught =
                races.stream().filter(race -> !isPredicted(race)).toList();
        return caught.isEmpty() ? races : caught;
    }

    private static boolean isPredicted(Fact.RaceSeen race) {
        return race.certainty().equals("predicted");
    }

    /** The field; where an object has no name, the two places, since its class alone may be anywhere. */
    private static String key(Fact.RaceSeen race, Situation all) {
        return isKnownByField(race)
                ? race.field()
                : all.session().name(race).orElseGet(() -> race.field() + " at " + pair(race));
    }

    /** Then meetings at one object are one finding, wherever they are. */
    private static boolean isUnnamed(Fact.RaceSeen race, Situation all) {
        return !isKnownByField(race) && all.session().name(race).isEmpty();
    }

    private static boolean isKnownByField(Fact.RaceSeen race) {
        boolean field = race.target().equals("field") || race.target().equals("static");
        return field && !Boxes.holds(race.field());
    }

    /** @param name what the code calls the place */
    private static Severity severity(Fact.RaceSeen race, String name) {
        boolean call = race.target().equals("call");
        boolean both = race.first().writes() && race.second().writes();
        String before = race.valueBefore();
        if (both && !call && before != null && before.equals(race.valueAfter()) && !isPredicted(race)) {
            return Severity.INFO;
        }
        Severity severity = RaceKind.of(race, name).severity();
        boolean meant = inside(race) && (!call || RaceKind.isOfSteps(race));
        return meant && RaceKind.isOfCounter(race) ? Severity.INFO : meant ? severity.less() : severity;
    }

    /**
     * Which of several kinds of one field is the cause: a lock that is replaced guards nothing; and of a counter that is checked first
     * a lost update is seen, too, but an atomic class does not cure it.
     */
    private static int cause(Fact.RaceSeen race, String name) {
        RaceKind kind = RaceKind.of(race, name);
        return kind == RaceKind.REPLACED_LOCK ? 2 : kind == RaceKind.LOST_UPDATE ? 0 : 1;
    }

    private static String name(Fact.RaceSeen race, Situation all) {
        return all.session().name(race).orElse(race.field());
    }

    /** Whether both sides are deep in libraries: their authors may have meant it, and nobody here can change it. */
    private static boolean inside(Fact.RaceSeen race) {
        return deep(race.first()) && deep(race.second());
    }

    private static boolean deep(Fact.Access access) {
        int depth = 0;
        for (Frame frame : access.stack().frames()) {
            if (!frame.isJdk() && !Libraries.has(frame.className())) {
                return depth > DIRECT;
            }
            depth += frame.isJdk() ? 0 : 1;
        }
        return depth > 0;
    }

    /** The application's line that led into a library; empty if the access is its own, or the library's thread. */
    private static Optional<Frame> caller(Fact.Access access) {
        List<Frame> frames =
                access.stack().frames().stream().filter(frame -> !frame.isJdk()).toList();
        boolean own = frames.isEmpty() || !Libraries.has(frames.get(0).className());
        return own
                ? Optional.empty()
                : frames.stream()
                        .filter(frame -> !Libraries.has(frame.className()))
                        .findFirst();
    }

    private static Fact.RaceSeen worst(List<Fact.RaceSeen> races, Situation all) {
        return races.stream()
                .max(Comparator.comparing((Fact.RaceSeen race) -> severity(race, name(race, all)))
                        .thenComparing(race -> cause(race, name(race, all))))
                .orElseThrow();
    }

    private static Finding finding(Fact.RaceSeen worst, SharedUse use, Situation all) {
        List<Fact.RaceSeen> races = use.all();
        List<Place> where = new ArrayList<>();
        worst.first().stack().site().ifPresent(add(where, "first", worst.first()));
        worst.second().stack().site().ifPresent(add(where, "second", worst.second()));
        String field = name(worst, all);
        String place = where.isEmpty() ? "" : " at " + Words.place(where.get(0).frame());
        Optional<LibraryEntry> entry = use.fields().size() > 1 ? LibraryEntry.of(worst.first()) : Optional.empty();
        String shared = entry.flatMap(all.session()::name).orElse(field);
        Map<String, Object> evidence = evidence(worst, field, races);
        if (entry.isPresent()) {
            evidence.put("fields", fields(use, all));
        }
        return new Finding.DataRace(
                new Details(
                        entry.map(at -> SharedUse.place(at, all.session())).orElseGet(() -> key(worst, all)),
                        all.range(),
                        new Subject("field", owner(shared), shared, worst.identity(), ""),
                        entry.map(at -> together(worst, at, use, all))
                                .orElseGet(() -> text(worst, field, place, races.size())),
                        new Impact(0, 2),
                        where,
                        List.of(
                                worst.first().thread().label(),
                                worst.second().thread().label()),
                        evidence,
                        List.of()),
                severity(worst, field));
    }

    /** Each with its kind and how often threads met there. */
    private static List<String> fields(SharedUse use, Situation all) {
        return use.fields().stream()
                .map(races -> {
                    Fact.RaceSeen worst = worst(races, all);
                    String field = name(worst, all);
                    return shown(field, worst) + ", "
                            + RaceKind.of(worst, field).id() + ": " + Words.count(races.size(), "meeting");
                })
                .toList();
    }

    /** Of several fields beneath the same calls: about what is called. */
    private static Text together(Fact.RaceSeen race, LibraryEntry entry, SharedUse use, Situation all) {
        String field = name(race, all);
        RaceKind kind = RaceKind.of(race, field);
        boolean call = race.target().equals("call");
        String shown = SharedUse.shown(entry, all.session());
        return new Text(
                title(race)
                        .formatted(
                                race.first().thread().label(),
                                race.second().thread().label(),
                                "use",
                                shown),
                "They meet at " + use.fields().size() + " fields and objects of it, " + shown(field, race)
                        + " among them: " + side(race.first(), call) + "; " + side(race.second(), call) + ". "
                        + RaceLocks.words(race) + (isPredicted(race) ? UNSEEN : ""),
                harm(race, kind),
                shown + " at " + Words.place(entry.caller()) + ": " + RaceCure.of(race, kind) + ".",
                "Ordered accesses cannot be lost.",
                certainty(race),
                Words.count(use.all().size(), isPredicted(race) ? "unordered pair" : "meeting")
                        + " seen; one is enough.");
    }

    private static Text text(Fact.RaceSeen race, String field, String place, int meetings) {
        RaceKind kind = RaceKind.of(race, field);
        String shown = shown(field, race);
        boolean call = race.target().equals("call");
        boolean predicted = isPredicted(race);
        boolean counts = inside(race) && !call && RaceKind.isOfCounter(race);
        return new Text(
                title(race)
                        .formatted(
                                race.first().thread().label(),
                                race.second().thread().label(),
                                call ? "use" : "touch",
                                shown),
                side(race.first(), call) + "; " + side(race.second(), call) + ". " + RaceLocks.words(race)
                        + (predicted ? UNSEEN : ""),
                harm(race, kind) + (counts ? COUNTS : inside(race) && !call ? INSIDE : ""),
                shown + place + ": " + (counts ? LET_COUNT : RaceCure.of(race, kind)) + ".",
                RaceKind.isOfSteps(race)
                        ? "Nobody can come between what is one step."
                        : "Ordered accesses cannot be lost.",
                certainty(race),
                Words.count(meetings, predicted ? "unordered pair" : "meeting") + " seen; one is enough.");
    }

    private static String certainty(Fact.RaceSeen race) {
        if (isPredicted(race)) {
            return "Predicted: no lock, volatile field, start or join, and no call of a library lies between the two; the"
                    + " earlier stack may be of another pass of the same line.";
        }
        return RaceKind.isOfSteps(race)
                ? "Exact: both threads were caught after the look and before the change."
                : "Exact: both threads were caught at the access.";
    }

    private static String harm(Fact.RaceSeen race, RaceKind kind) {
        return kind == RaceKind.UNSAFE_COLLECTION ? RaceCure.harm(race).orElse(kind.harm()) : kind.harm();
    }

    /** With room for both threads, for what they do and to what. */
    private static String title(Fact.RaceSeen race) {
        if (RaceKind.isOfSteps(race)) {
            return "%1$s and %2$s both change %4$s by what they saw in it before.";
        }
        return isPredicted(race)
                ? "Predicted: %s and %s %s %s, and nothing ordered these two accesses in this run."
                : "%s and %s %s %s at the same time, and nothing orders them.";
    }

    private static Map<String, Object> evidence(Fact.RaceSeen worst, String field, List<Fact.RaceSeen> races) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("raceKind", RaceKind.of(worst, field).id());
        evidence.put("certainty", worst.certainty());
        evidence.put("meetings", races.size());
        evidence.put("pairs", pairs(races));
        evidence.put("type", worst.field());
        evidence.put("valueBefore", String.valueOf(worst.valueBefore()));
        evidence.put("valueAfter", String.valueOf(worst.valueAfter()));
        return evidence;
    }

    /** {@code HashMap Cache.byName}, {@code int[] Counts.perDay}, {@code Counter.count}, {@code ArrayList of line 9 in count}. */
    private static String shown(String field, Fact.RaceSeen race) {
        boolean call = race.target().equals("call");
        String type = call ? SharedType.of(race) : Words.simple(race.field());
        if (field.equals(race.field()) || field.equals(race.field() + THIS)) {
            return call ? "one " + type : type;
        }
        String name = Words.simple(field);
        if (call && SharedType.inner(race.field()).isPresent()) {
            return name + " (" + type + ")";
        }
        boolean typed = name.startsWith(type + " "); // ArrayList of line 9
        return typed ? name : (Boxes.holds(race.field()) ? "variable" : type) + " " + name;
    }

    private static String owner(String field) {
        int dot = field.lastIndexOf('.');
        return dot < 0 ? field : field.substring(0, dot);
    }

    private static List<String> pairs(List<Fact.RaceSeen> races) {
        Map<String, Integer> counts = new TreeMap<>();
        races.forEach(race -> counts.merge(pair(race), 1, Integer::sum));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_PAIRS)
                .map(pair -> pair.getKey() + ": " + Words.count(pair.getValue(), "meeting"))
                .toList();
    }

    private static String pair(Fact.RaceSeen race) {
        String one = Words.place(race.first().stack().site().orElse(null));
        String other = Words.place(race.second().stack().site().orElse(null));
        return one.compareTo(other) <= 0 ? one + " and " + other : other + " and " + one;
    }

    private static Consumer<Frame> add(List<Place> where, String role, Fact.Access access) {
        return frame -> where.add(new Place(role, frame, access.stack()));
    }

    /** {@code calls Map.put}, {@code gives it to List.addAll}, {@code gives it to new ArrayList}. */
    private static String does(String call) {
        Optional<TwoSteps> steps = TwoSteps.of(call);
        if (steps.isPresent()) {
            boolean with = steps.get().sort() == TwoSteps.Sort.WITH;
            String look = steps.get().look();
            String change = steps.get()
                    .method()
                    .map(method -> method + ", which calls " + steps.get().change() + ",")
                    .orElse(steps.get().change());
            return "calls " + change + (with ? " with what " + look + " gave" : " after " + look);
        }
        if (!call.endsWith(GIVEN)) {
            return "calls " + call;
        }
        String to = call.substring(0, call.length() - GIVEN.length());
        return "gives it to " + (to.endsWith(".<init>") ? "new " + to.substring(0, to.indexOf('.')) : to);
    }

    private static String side(Fact.Access access, boolean call) {
        String called = call ? access.call() : null;
        String does = called != null ? does(called) : access.writes() ? "writes" : "reads";
        return access.thread().label() + " " + does + " at "
                + Words.place(access.stack().site().orElse(null))
                + caller(access)
                        .map(frame -> ", called from " + Words.place(frame))
                        .orElse("");
    }
}
