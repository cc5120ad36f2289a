// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.http.Context;
import io.lockjam.window.Range;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks about: a target and a range of its time.
 *
 * <p>The range is {@code last=SECONDS}, or {@code from=} and {@code to=} in milliseconds since 1970 or as ISO-8601; the last
 * five minutes if nothing is said. All times are the target's, so a browser's wrong clock does no harm.
 */
record Query(Watched target, Range range) {
    private static final int DEFAULT_SECONDS = 300;
    private static final int MOST_SECONDS = 86_400;
    /** What fifteen digits of milliseconds say at most: far from where adding to a time overflows. */
    private static final Instant LATEST = Instant.ofEpochMilli(999_999_999_999_999L);

    static Query of(Context context, Targets targets) {
        Watched target = target(context, targets);
        Readings readings = target.readings();
        Range kept = readings.kept();
        Instant from = instant("from", context.queryParam("from"));
        Instant to = instant("to", context.queryParam("to"));
        if (from == null && to == null) {
            int seconds = number(context, "last", DEFAULT_SECONDS, 1, MOST_SECONDS);
            Instant end = readings.latest().orElse(kept.to()).plusNanos(1);
            return new Query(target, Range.endingAt(end, Duration.ofSeconds(seconds)));
        }
        Instant begin = from == null ? kept.from() : from;
        Instant end = to == null ? kept.to() : to;
        if (!begin.isBefore(end)) {
            throw Refusal.badRequest("from: expected a time before to (" + end + "), got " + begin + ".");
        }
        if (Duration.between(begin, end).toSeconds() > MOST_SECONDS) {
            throw Refusal.badRequest("from, to: expected at most a day between them, got "
                    + Duration.between(begin, end).toSeconds() + " seconds.");
        }
        return new Query(target, new Range(begin, end));
    }

    static Watched target(Context context, Targets targets) {
        String id = context.queryParam("target");
        return targets.find(id)
                .orElseThrow(() -> Refusal.notFound(
                        id == null
                                ? "No target is attached yet."
                                : "There is no target " + id + " on this dashboard."));
    }

    Readings readings() {
        return target.readings();
    }

    static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            Instant time = text.matches("\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
            if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeException notATime) {
            // reported below
        }
        throw Refusal.badRequest(
                name + ": expected milliseconds since 1970 or a time like 2026-01-31T07:28:09Z, got '" + text + "'.");
    }

    static int number(Context context, String name, int fallback, int least, int most) {
        String text = context.queryParam(name);
        if (text == null || text.isEmpty()) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // reported below
        }
        throw Refusal.badRequest(name + ": expected a number from " + least + " to " + most + ", got '" + text + "'.");
    }

    /** 1 for yes, 0 or nothing for no. */
    static boolean flag(Context context, String name) {
        return number(context, name, 0, 0, 1) == 1;
    }

    static Optional<String> text(Context context, String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
    }
}
