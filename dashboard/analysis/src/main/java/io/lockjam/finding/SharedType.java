// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What people call the class of a shared object: classes inside others of the JDK have no name that anybody uses. */
final class SharedType {
    private static final Set<String> SETS = Set.of("HashMap", "LinkedHashMap", "TreeMap");
    private static final List<String> HIDDEN = List.of("java.security.", "javax.crypto.");

    private SharedType() {}

    /** Of a map that is used as a set only: the set that has it inside. */
    static String of(Fact.RaceSeen race) {
        boolean set = Stream.of(race.first(), race.second())
                .allMatch(side -> String.valueOf(side.call()).contains("Set."));
        String type = of(race.field());
        return set && SETS.contains(type) ? type.replace("Map", "Set") : type;
    }

    /** {@code HashMap}; of a class inside another one of the JDK what it is to that: {@code iterator of an ArrayList}. */
    static String of(String className) {
        return inner(className).orElseGet(() -> simple(className));
    }

    /** The class without its package; the outer one, where only that is known to people. */
    static String simple(String className) {
        int inner = className.indexOf('$');
        boolean hidden = inner > 0 && HIDDEN.stream().anyMatch(className::startsWith);
        return Words.simple(hidden ? className.substring(0, inner) : className);
    }

    /** Empty of other classes. */
    static Optional<String> inner(String className) {
        int at = className.indexOf('$');
        if (at < 0 || !className.startsWith("java.util.")) {
            return Optional.empty();
        }
        String outer = Words.simple(className.substring(0, at));
        String part = className.substring(className.lastIndexOf('$') + 1);
        return Optional.of(
                switch (outer) {
                    case "Collections" -> wrapper(part);
                    case "Arrays" -> "list of Arrays.asList";
                    case "ImmutableCollections" -> "collection that cannot be changed";
                    default -> part(part) + article(outer) + outer;
                });
    }

    private static String part(String part) {
        if (part.endsWith("Itr") || part.endsWith("Iterator")) {
            return "iterator of ";
        }
        if (part.endsWith("Spliterator")) {
            return "stream of ";
        }
        if (part.startsWith("KeySet") || part.equals("NavigableKeySet")) {
            return "key set of ";
        }
        if (part.startsWith("Values")) {
            return "values of ";
        }
        if (part.startsWith("EntrySet")) {
            return "entry set of ";
        }
        return part.endsWith("Entry") || part.equals("Node") ? "entry of " : "part of ";
    }

    /** {@code SynchronizedRandomAccessList}. */
    private static String wrapper(String part) {
        String sort = part.endsWith("Map")
                ? "map"
                : part.endsWith("List") ? "list" : part.endsWith("Set") ? "set" : "collection";
        return part.startsWith("Synchronized")
                ? "synchronized " + sort
                : part.startsWith("Unmodifiable") ? "unmodifiable " + sort : sort + " of Collections";
    }

    private static String article(String name) {
        return "AEIOU".indexOf(name.charAt(0)) >= 0 ? "an " : "a ";
    }
}
