// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How values look in the terminal. */
final class Texts {
    private Texts() {}

    /** Columns as wide as their widest cell; control characters cannot get out to the terminal. */
    static String columns(List<String[]> rows) {
        int count = rows.isEmpty() ? 0 : rows.get(0).length;
        int[] widths = new int[count];
        for (String[] row : rows) {
            for (int i = 0; i < count; i++) {
                widths[i] = Math.max(widths[i], clean(row[i]).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < count; i++) {
                String cell = clean(row[i]);
                line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** Names come from the target: what could steer a terminal becomes a question mark. */
    static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** {@code 42s}, {@code 7m}, {@code 3h}, {@code 12d}: the largest unit that fits. */
    static String uptime(Duration length) {
        if (length.toMinutes() < 2) {
            return length.toSeconds() + "s";
        }
        if (length.toHours() < 2) {
            return length.toMinutes() + "m";
        }
        return length.toDays() < 2 ? length.toHours() + "h" : length.toDays() + "d";
    }

    /** {@code 1.2 s}, {@code 35 ms}, {@code 80 µs}. */
    static String span(Duration length) {
        double micros = length.toNanos() / 1e3;
        if (micros < 1e3) {
            return String.format(Locale.ROOT, "%.0f µs", micros);
        }
        return micros < 1e6
                ? String.format(Locale.ROOT, "%.0f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
}
