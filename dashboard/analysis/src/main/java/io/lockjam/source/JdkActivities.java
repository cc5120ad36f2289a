// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import io.lockjam.model.Fact.ActivityKind;
import io.lockjam.model.ProbeSleep;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What threads did when they did not wait for a lock: ran, slept, read, wrote, began and ended. */
final class JdkActivities {
    /** The sampling period of the JDK's default.jfc and of ours; used until the recording's settings have told theirs. */
    private static final Duration USUAL_PERIOD = Duration.ofMillis(20);

    /** More types than any JDK has; settings of a hostile recording beyond that are not kept. */
    private static final int MOST_PERIODS = 4096;

    /** Beyond the slack of a timer, and the millisecond to which JDK 17 rounds up. */
    private static final Duration LATE = Duration.ofMillis(5);

    private static final int LONGEST_DETAIL = 200;

    private final Map<Long, Duration> periods = new ConcurrentHashMap<>(); // settled facts are asked for elsewhere
    private final Set<Long> runningTypes = ConcurrentHashMap.newKeySet();
    private final Set<Long> nativeTypes = ConcurrentHashMap.newKeySet();

    Map<String, EventReader.Reading> readings() {
        return Map.ofEntries(
                Map.entry("jdk.ThreadSleep", this::sleep),
                Map.entry("jdk.SocketRead", event -> activity(event, ActivityKind.SOCKET_READ, peer(event))),
                Map.entry("jdk.SocketWrite", event -> activity(event, ActivityKind.SOCKET_WRITE, peer(event))),
                Map.entry("jdk.FileRead", event -> activity(event, ActivityKind.FILE_READ, path(event))),
                Map.entry("jdk.FileWrite", event -> activity(event, ActivityKind.FILE_WRITE, path(event))),
                Map.entry("jdk.FileForce", event -> activity(event, ActivityKind.FILE_WRITE, path(event))),
                Map.entry("jdk.VirtualThreadPinned", this::pinned),
                Map.entry("jdk.ExecutionSample", event -> sample(event, ActivityKind.RUNNING)),
                Map.entry("jdk.NativeMethodSample", event -> sample(event, ActivityKind.NATIVE)),
                Map.entry("jdk.ActiveSetting", this::setting),
                Map.entry("jdk.ThreadStart", this::threadStart),
                Map.entry("jdk.ThreadEnd", this::threadEnd));
    }

    /** With what it was asked for if that was a moment and it ended late, as on a crowded machine; one of a probe says so. */
    private Fact sleep(EventFields event) {
        if (event.inProbe()) {
            return activity(event, ActivityKind.SLEEP, ProbeSleep.DETAIL);
        }
        Duration asked = event.span("time");
        boolean late =
                !asked.isZero() && asked.compareTo(LATE) <= 0 && event.took().compareTo(asked.plus(LATE)) > 0;
        return activity(event, ActivityKind.SLEEP, late ? "asked for " + asked.toMillis() + " ms" : null);
    }

    private Fact activity(EventFields event, ActivityKind kind, @Nullable String detail) {
        return new Fact.Activity(event.end(), event.took(), event.own(), kind, event.stack(), detail);
    }

    private Fact pinned(EventFields event) {
        return new Fact.Activity(
                event.end(),
                event.took(),
                event.own(),
                ActivityKind.PINNED,
                event.stack(),
                pinnedBy(event),
                event.thread("carrierThread"));
    }

    private Fact sample(EventFields event, ActivityKind kind) {
        (kind == ActivityKind.RUNNING ? runningTypes : nativeTypes).add(event.typeId());
        return new Fact.Activity(
                event.end(), period(kind), event.threadOrUnknown("sampledThread"), kind, event.stack(), null);
    }

    /** A sample with the period that is known by now: in a file the settings may come behind the samples. */
    Fact settled(Fact fact) {
        return fact instanceof Fact.Activity sample
                        && (sample.kind() == ActivityKind.RUNNING || sample.kind() == ActivityKind.NATIVE)
                        && !sample.took().equals(period(sample.kind()))
                ? new Fact.Activity(
                        sample.at(), period(sample.kind()), sample.thread(), sample.kind(), sample.stack(), null)
                : fact;
    }

    private Duration period(ActivityKind kind) {
        for (long type : kind == ActivityKind.RUNNING ? runningTypes : nativeTypes) {
            Duration period = periods.get(type);
            if (period != null) {
                return period;
            }
        }
        return USUAL_PERIOD;
    }

    /** Settings give the period of each type of event, by the number of the type, as text such as {@code 20 ms}. */
    private @Nullable Fact setting(EventFields event) {
        if (event.text("name").equals("period") && periods.size() < MOST_PERIODS) {
            Duration period = period(event.text("value"));
            if (period != null) {
                periods.put(event.number("id", -1), period);
            }
        }
        return null;
    }

    private static @Nullable Duration period(String text) {
        String[] words = text.trim().split(" ");
        try {
            long amount = Long.parseLong(words[0]);
            return words.length != 2
                    ? null
                    : switch (words[1]) {
                        case "ns" -> Duration.ofNanos(amount);
                        case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1000L));
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        default -> null;
                    };
        } catch (NumberFormatException | ArithmeticException notATime) {
            return null; // everyChunk and the like
        }
    }

    private Fact threadStart(EventFields event) {
        ThreadRef thread = event.thread("thread");
        return new Fact.ThreadStarted(
                event.end(), thread == null ? event.own() : thread, event.thread("parentThread"), event.stack());
    }

    private Fact threadEnd(EventFields event) {
        ThreadRef thread = event.thread("thread");
        return new Fact.ThreadEnded(event.end(), thread == null ? event.own() : thread);
    }

    private static @Nullable String peer(EventFields event) {
        String host = event.text("host");
        String name = host.isEmpty() ? event.text("address") : host;
        return name.isEmpty() ? null : cut(name) + ":" + event.number("port", 0);
    }

    private static @Nullable String path(EventFields event) {
        String path = event.text("path");
        return path.isEmpty() ? null : cut(path);
    }

    /** 21 says only that it was pinned; 24 and later say by what and in what operation. */
    private static @Nullable String pinnedBy(EventFields event) {
        String reason = event.text("pinnedReason");
        String shown = reason.isEmpty() ? event.text("blockingOperation") : reason;
        return shown.isEmpty() ? null : cut(shown);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "…";
    }
}
