// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.LibraryEntry;
import io.lockjam.window.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Races that lie beneath calls of the application into the same code of a library: one object that is shared, most likely, of which
 * each field would else be a finding of its own.
 *
 * @param fields the races of each field or object, those of one field together
 */
record SharedUse(List<List<Fact.RaceSeen>> fields) {
    /** Races of fields by what is called and by whom; each field that does not lie beneath such calls is a use of its own. */
    static List<SharedUse> of(Collection<List<Fact.RaceSeen>> fields, Session session) {
        Map<String, String> joined = new HashMap<>();
        for (List<Fact.RaceSeen> races : fields) {
            String first = null;
            for (String entry : entries(races, session)) {
                first = first == null ? root(joined, entry) : first;
                joined.put(root(joined, entry), first);
            }
        }
        Map<Object, List<List<Fact.RaceSeen>>> uses = new LinkedHashMap<>();
        for (List<Fact.RaceSeen> races : fields) {
            List<String> entries = entries(races, session);
            Object use = entries.isEmpty() ? races : root(joined, entries.get(0));
            uses.computeIfAbsent(use, any -> new ArrayList<>()).add(races);
        }
        return uses.values().stream().map(SharedUse::new).toList();
    }

    List<Fact.RaceSeen> all() {
        return fields.stream().flatMap(List::stream).toList();
    }

    /** What makes the id stable: the name that the code has for the object, else the class that calls it; and its own class. */
    static String place(LibraryEntry entry, Session session) {
        return session.name(entry).orElse(entry.caller().className()) + " calls "
                + entry.called().className();
    }

    /** {@code QueryParserBase Search.parser}; where the code has no name for it, {@code what QueryParserBase.parse touches}. */
    static String shown(LibraryEntry entry, Session session) {
        String type = Words.simple(entry.called().className());
        return session.name(entry)
                .map(Words::method)
                .map(name -> name.indexOf(' ') < 0 ? type + " " + name : name) // else it begins with its class
                .orElseGet(() -> "what " + type + "." + entry.called().method() + " touches");
    }

    /** Two entries for each race, unless it lies elsewhere. */
    private static List<String> entries(List<Fact.RaceSeen> races, Session session) {
        List<String> entries = new ArrayList<>();
        for (Fact.RaceSeen race : races) {
            Optional<LibraryEntry> first = LibraryEntry.of(race.first());
            Optional<LibraryEntry> second = LibraryEntry.of(race.second());
            if (!LibraryEntry.isOfLibraries(race) || first.isEmpty() || second.isEmpty()) {
                return List.of();
            }
            Stream.of(first.get(), second.get()).forEach(entry -> entries.add(place(entry, session)));
        }
        return entries;
    }

    private static String root(Map<String, String> joined, String entry) {
        String root = entry;
        for (@Nullable String next = joined.get(root); next != null && !next.equals(root); next = joined.get(root)) {
            root = next;
        }
        return root;
    }
}
