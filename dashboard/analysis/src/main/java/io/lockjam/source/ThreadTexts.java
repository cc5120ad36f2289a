// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The compact texts in which our events keep something for each of many threads; damaged entries are left out. */
public final class ThreadTexts {
    private static final int RADIX = 36;

    private ThreadTexts() {}

    /** States of {@code io.lockjam.event.ThreadStatesEvent}: thread id in base 36 and a letter. */
    public static Map<Long, Character> states(String text) {
        Map<Long, Character> states = new LinkedHashMap<>();
        for (String entry : text.split(" ")) {
            int last = entry.length() - 1;
            if (last > 0) {
                put(states, entry.substring(0, last), entry.charAt(last));
            }
        }
        return states;
    }

    /** Names of {@code io.lockjam.event.ThreadStatesEvent}: thread id in base 36, {@code =}, the name. */
    public static Map<Long, String> names(String text) {
        Map<Long, String> names = new LinkedHashMap<>();
        for (String entry : text.split("\n")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                put(names, entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return names;
    }

    /** Rows of {@code io.lockjam.event.OsUsageEvent}: five numbers a line. */
    static List<Fact.OsThread> osThreads(String text) {
        List<Fact.OsThread> rows = new ArrayList<>();
        for (String line : text.split("\n")) {
            List<Long> row = ids(line);
            if (row.size() == 5) {
                rows.add(new Fact.OsThread(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)));
            }
        }
        return rows;
    }

    /** The text form that {@link #osThreads} reads. */
    public static String text(List<Fact.OsThread> rows) {
        StringBuilder text = new StringBuilder();
        for (Fact.OsThread row : rows) {
            text.append(row.osId())
                    .append(' ')
                    .append(row.ranNanos())
                    .append(' ')
                    .append(row.runQueueNanos());
            text.append(' ')
                    .append(row.voluntary())
                    .append(' ')
                    .append(row.involuntary())
                    .append('\n');
        }
        return text.toString();
    }

    /** Decimal numbers separated by blanks. */
    public static List<Long> ids(String text) {
        List<Long> ids = new ArrayList<>();
        for (String word : text.trim().split(" ")) {
            try {
                ids.add(Long.parseLong(word));
            } catch (NumberFormatException damaged) {
                // left out
            }
        }
        return ids;
    }

    private static <V> void put(Map<Long, V> map, String id, V value) {
        try {
            map.put(Long.parseLong(id, RADIX), value);
        } catch (NumberFormatException damaged) {
            // left out
        }
    }
}
