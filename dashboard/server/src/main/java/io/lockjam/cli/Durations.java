// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads lengths of time such as {@code 30s}, {@code 5m} or {@code 1h} from the command line. */
final class Durations implements ITypeConverter<Duration> {
    /** What is longer is a slip, and would not fit into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(s|m|h)");

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        Duration length = form.matches() ? length(Long.parseLong(form.group(1)), form.group(2)) : Duration.ZERO;
        if (length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("expected a duration such as 30s, 5m or 1h, got '" + text + "'");
        }
        return length;
    }

    private static Duration length(long number, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
