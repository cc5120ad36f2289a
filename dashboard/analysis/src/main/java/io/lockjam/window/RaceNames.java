// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.LibraryEntry;
import io.lockjam.model.LockRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the code calls the objects of races, by the site of each side, and the locks of nestings, by their identity. */
final class RaceNames {
    private static final int MOST = 4_096;
    private static final String OR = " or ";

    private final Map<String, String> bySite = new LinkedHashMap<>();

    void learn(Fact.Named named) {
        boolean wanted =
                named.site().contains(Fact.Access.CALLED_FROM) || named.site().startsWith(Fact.LockOrderSeen.LOCK);
        if (wanted && bySite.size() < MOST) {
            bySite.put(named.site(), named.name());
        }
    }

    /** Where both sides tell several names, what they have in common; empty if neither tells one. */
    Optional<String> name(Fact.RaceSeen race) {
        Set<String> first = names(race.site(race.first()));
        Set<String> second = names(race.site(race.second()));
        Set<String> common = new TreeSet<>(first);
        common.retainAll(second);
        Set<String> told = !common.isEmpty() ? common : first.isEmpty() || second.size() == 1 ? second : first;
        return told.isEmpty() ? Optional.empty() : Optional.of(String.join(OR, told));
    }

    /** What the application calls a library on. */
    Optional<String> name(LibraryEntry entry) {
        return Optional.ofNullable(bySite.get(entry.site()));
    }

    Optional<String> name(LockRef lock) {
        return Optional.ofNullable(bySite.get(Fact.LockOrderSeen.site(lock)));
    }

    private Set<String> names(String site) {
        String known = bySite.get(site);
        return known == null ? Set.of() : new TreeSet<>(Set.of(known.split(OR)));
    }
}
