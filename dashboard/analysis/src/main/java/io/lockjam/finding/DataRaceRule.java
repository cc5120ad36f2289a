// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reports data races that were caught: two threads stood at conflicting accesses at the same moment.
 *
 * <p>How bad it is and what cures it follows from its {@link RaceKind}; two that write the same value which was there before they came
 * are information.
 */
record DataRaceRule() implements Rule<Situation> {
    static final DataRaceRule DEFAULT = new DataRaceRule();

    @Override
    public Kind kind() {
        return Kind.DATA_RACE;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<Finding> found = findAll(all);
        return found.isEmpty() ? Verdict.CLEAR : new Verdict.Found(found.get(0));
    }

    /** A race is a defect of the code, so all that is kept counts, not only the range; one finding for each field. */
    List<Finding> findAll(Situation all) {
        Map<String, List<Fact.RaceSeen>> byField = new LinkedHashMap<>();
        for (Fact.RaceSeen race : all.session().races(all.session().kept())) {
            byField.computeIfAbsent(race.field(), field -> new ArrayList<>()).add(race);
        }
        return byField.values().stream().map(races -> finding(races, all)).toList();
    }

    static Severity severity(Fact.RaceSeen race) {
        boolean call = race.target().equals("call");
        boolean both = race.first().writes() && race.second().writes();
        String before = race.valueBefore();
        if (both
                && !call
                && before != null
                && before.equals(race.valueAfter())
                && race.certainty().equals("caught")) {
            return Severity.INFO;
        }
        return RaceKind.of(race).severity();
    }

    private static Finding finding(List<Fact.RaceSeen> races, Situation all) {
        Fact.RaceSeen worst = races.get(0);
        for (Fact.RaceSeen race : races) {
            worst = severity(race).compareTo(severity(worst)) > 0 ? race : worst;
        }
        Severity severity = severity(worst);
        List<Place> where = new ArrayList<>();
        worst.first().stack().site().ifPresent(add(where, "first", worst.first()));
        worst.second().stack().site().ifPresent(add(where, "second", worst.second()));
        boolean caught = worst.certainty().equals("caught");
        String field = Words.simple(worst.field());
        String what = "%s and %s %s %s at the same time, and nothing orders them."
                .formatted(
                        worst.first().thread().label(),
                        worst.second().thread().label(),
                        worst.target().equals("call") ? "use" : "touch",
                        field);
        RaceKind kind = RaceKind.of(worst);
        boolean call = worst.target().equals("call");
        String why = side(worst.first(), call) + "; " + side(worst.second(), call) + ". "
                + (worst.first().locks().isEmpty() && worst.second().locks().isEmpty()
                        ? "Neither holds a lock that we know of."
                        : "They hold no lock in common.");
        String at = where.isEmpty() ? "" : " at " + Words.place(where.get(0).frame());
        String change = field + at + ": " + kind.cure() + ".";
        Text text = new Text(
                what,
                why,
                kind.harm(),
                change,
                "Ordered accesses cannot be lost.",
                caught
                        ? "Exact: both threads were caught at the access."
                        : "Predicted: not caught in the act; no order between them was seen.",
                Words.count(races.size(), "meeting") + " seen; one is enough.");
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("raceKind", kind.id());
        evidence.put("certainty", worst.certainty());
        evidence.put("meetings", races.size());
        evidence.put("valueBefore", String.valueOf(worst.valueBefore()));
        evidence.put("valueAfter", String.valueOf(worst.valueAfter()));
        String owner = worst.field().contains(".")
                ? worst.field().substring(0, worst.field().lastIndexOf('.'))
                : worst.field();
        return new Finding.DataRace(
                new Details(
                        worst.field(),
                        all.range(),
                        new Subject("field", owner, worst.field(), worst.identity(), ""),
                        text,
                        new Impact(0, 2),
                        where,
                        List.of(
                                worst.first().thread().label(),
                                worst.second().thread().label()),
                        evidence,
                        List.of()),
                severity);
    }

    private static Consumer<Frame> add(List<Place> where, String role, Fact.Access access) {
        return frame -> where.add(new Place(role, frame, access.stack()));
    }

    private static String side(Fact.Access access, boolean call) {
        String does = call && access.call() != null ? "calls " + access.call() : access.writes() ? "writes" : "reads";
        return access.thread().label() + " " + does + " at "
                + Words.place(access.stack().site().orElse(null));
    }
}
