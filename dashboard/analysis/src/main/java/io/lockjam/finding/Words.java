// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Numbers with their units, places and lists, as they stand in a sentence. */
final class Words {
    private static final double[] STEPS = {1e9, 1e6, 1e3, 1};
    private static final String[] UNITS = {"s", "ms", "µs", "ns"};

    /** The compiler's name for the body of a lambda expression; the method it is written in stands in its middle. */
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+(?=\\(|$)");

    /** What Kotlin puts behind the method that a lambda expression is written in. */
    private static final Pattern KOTLIN_LAMBDA = Pattern.compile("(\\$lambda\\$\\d+)+(?=\\(|$)");

    /** Names told of one finding at most; its impact counts them all. */
    private static final int MOST_NAMES = 50;

    private Words() {}

    /** The names under which threads are told, each once. */
    static List<String> labels(Stream<ThreadRef> threads) {
        return threads.filter(ThreadRef::isKnown)
                .map(ThreadRef::label)
                .distinct()
                .limit(MOST_NAMES)
                .toList();
    }

    /** Two or three significant digits with the unit that fits: {@code 41 ms}, {@code 3.2 s}, {@code 6 min 27 s}. */
    static String time(Duration span) {
        long seconds = span.toSeconds();
        if (seconds >= 3 * 86_400) {
            return number(Math.floor(seconds / 86_400.0)) + " days";
        }
        if (seconds >= 2 * 3_600) {
            return number(Math.floor(seconds / 3_600.0)) + " h";
        }
        if (seconds >= 60) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        double nanos = span.toNanos();
        for (int i = 0; i < STEPS.length; i++) {
            if (nanos >= STEPS[i]) {
                return number(nanos / STEPS[i]) + " " + UNITS[i];
            }
        }
        return "0 s";
    }

    static String millis(double millis) {
        return time(Duration.ofNanos(Math.round(millis * 1e6)));
    }

    /** {@code 0.42}, {@code 3.1}, {@code 112}. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        return String.format(Locale.ROOT, size >= 1 ? "%.1f" : "%.2f", value);
    }

    static String percent(double share) {
        return number(Math.round(share * 1000) / 10.0) + " %";
    }

    /** {@code 1 thread}, {@code 8 threads}. */
    static String count(long n, String noun) {
        return String.format(Locale.ROOT, "%,d", n) + " " + noun + (n == 1 ? "" : "s");
    }

    static String place(@Nullable Frame frame) {
        if (frame == null) {
            return "an unknown place";
        }
        String java = LAMBDA.matcher(frame.display()).replaceFirst(lambda -> writtenIn(lambda.group(1)));
        return KOTLIN_LAMBDA.matcher(java).replaceFirst("");
    }

    /** A method, given with its class and package, as it is written. */
    static String method(String name) {
        return simple(LAMBDA.matcher(name).replaceFirst(lambda -> writtenIn(lambda.group(1))));
    }

    /** The compiler cannot put the brackets of an initialiser's name into that of a lambda. */
    private static String writtenIn(String method) {
        return switch (method) {
            case "static" -> "<clinit>";
            case "new" -> "<init>";
            default -> Matcher.quoteReplacement(method);
        };
    }

    /** Class and member without the package. */
    static String simple(String name) {
        int or = name.indexOf(" or ");
        if (or > 0) {
            return simple(name.substring(0, or)) + " or " + simple(name.substring(or + 4));
        }
        int at = name.indexOf(" at ") >= 0 ? name.indexOf(" at ") : name.endsWith(" (this)") ? name.length() - 7 : -1;
        String head = at < 0 ? name : name.substring(0, at);
        String tail = at < 0 ? "" : name.substring(at);
        int blank = head.lastIndexOf(' ');
        String lead = blank < 0 ? "" : head.substring(0, blank + 1);
        String[] parts = head.substring(blank + 1).split("\\.");
        int first = 0;
        while (first < parts.length - 1 && !parts[first].isEmpty() && Character.isLowerCase(parts[first].charAt(0))) {
            first++;
        }
        return lead + String.join(".", List.of(parts).subList(first, parts.length)) + tail;
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}; of more the first three and how many are left. */
    static String list(List<String> names) {
        int shown = Math.min(3, names.size());
        return names.size() > shown
                ? String.join(", ", names.subList(0, shown)) + " and " + (names.size() - shown) + " more"
                : joined(names, " and ");
    }

    /** Like {@link #list}, for a choice. */
    static String either(List<String> names) {
        return joined(names.subList(0, Math.min(3, names.size())), " or ");
    }

    private static String joined(List<String> names, String last) {
        int most = names.size() - 1;
        return most < 1 ? String.join("", names) : String.join(", ", names.subList(0, most)) + last + names.get(most);
    }
}
