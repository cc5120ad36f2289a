// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds virtual threads that keep their carrier while they wait.
 *
 * <p>20 ms is the JDK's own threshold of jdk.VirtualThreadPinned. A twentieth of a carrier must be lost all the time; a class that is initialised once
 * pins as well and harms nobody.
 */
record VirtualThreadPinnedRule(Duration minEach, double minLost, int minTimes) implements Rule<Situation> {
    static final VirtualThreadPinnedRule DEFAULT = new VirtualThreadPinnedRule(Duration.ofMillis(20), 0.05, 3);

    /** One such pin is felt by all virtual threads, be it the only one. */
    private static final Duration LONG = Duration.ofSeconds(1);

    @Override
    public Kind kind() {
        return Kind.VIRTUAL_THREAD_PINNED;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        Map<String, List<Fact.Activity>> byPlace = new LinkedHashMap<>();
        for (Fact.Activity each : all.activities()) {
            if (each.kind() == Fact.ActivityKind.PINNED && each.took().compareTo(minEach) >= 0) {
                String site = each.stack().site().map(Frame::display).orElse("");
                byPlace.computeIfAbsent(site, place -> new ArrayList<>()).add(each);
            }
        }
        for (Map.Entry<String, List<Fact.Activity>> each : byPlace.entrySet()) {
            Duration total = each.getValue().stream().map(Fact.Activity::took).reduce(Duration.ZERO, Duration::plus);
            double lost = total.toNanos() / 1e9 / all.seconds();
            boolean often = each.getValue().size() >= minTimes;
            boolean isLong = each.getValue().stream().anyMatch(pin -> pin.took().compareTo(LONG) >= 0);
            if (lost >= minLost && (often || isLong)) {
                return new Verdict.Found(finding(each.getKey(), each.getValue(), lost, all));
            }
        }
        return Verdict.CLEAR;
    }

    private Finding finding(String place, List<Fact.Activity> pinned, double lost, Situation all) {
        Fact.Activity longest =
                pinned.stream().max(Comparator.comparing(Fact.Activity::took)).orElse(pinned.get(0));
        Stack stack = longest.stack();
        String at = at(stack);
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("times", pinned.size());
        evidence.put("longest", longest.took().toNanos());
        return new Finding.VirtualThreadPinned(
                new Details(
                        place,
                        all.range(),
                        new Subject("thread", "java.lang.VirtualThread", "virtual threads" + at, "0", ""),
                        text(longest, at, pinned.size(), lost, all),
                        new Impact(lost, pinned.size()),
                        Place.of("holder", stack),
                        Words.labels(pinned.stream().map(Fact.Activity::thread)),
                        evidence,
                        List.of()),
                Severity.WARNING,
                "");
    }

    /** Where it waits, with a blank before it. */
    static String at(Stack stack) {
        return stack.site()
                .map(frame -> " at " + Words.place(frame) + CalledFrom.of(stack, frame))
                .orElse("");
    }

    private Text text(Fact.Activity longest, String at, int times, double lost, Situation all) {
        String reason = longest.detail() == null ? "a native frame or, before JDK 24, a monitor" : longest.detail();
        return new Text(
                "Virtual threads keep their carrier while they wait%s: %s, %s at the longest."
                        .formatted(at, Words.count(times, "time"), Words.time(longest.took())),
                "They cannot leave the carrier because of " + reason + ".",
                Words.number(lost) + " carriers are lost all the time"
                        + (all.cores() > 0 ? " of about " + Words.number(all.cores()) : "") + without(all) + ".",
                change(longest.stack(), at),
                "The carriers run other virtual threads meanwhile.",
                "Exact above " + Words.time(minEach) + ", the JDK's threshold.",
                "Pins of %s, %d of them or one of %s, and %s of a carrier's time; here %d and %s."
                        .formatted(
                                Words.time(minEach),
                                minTimes,
                                Words.time(LONG),
                                Words.percent(minLost),
                                times,
                                Words.percent(lost)));
    }

    private static String without(Situation all) {
        double waiting =
                all.carriers().stream().mapToDouble(PoolWindow::queueDepthMean).sum();
        return waiting < 1 ? "" : "; " + Words.number(waiting) + " virtual threads could run but have none";
    }

    static String change(Stack stack, String at) {
        return stack.frames().stream()
                .filter(frame -> frame.method().equals("<clinit>"))
                .findFirst()
                .map(frame -> "Move the wait out of the static initialiser into a method that is called later, at "
                        + Words.place(frame) + ".")
                .orElse("Wait outside the native call or the synchronized block" + at
                        + ", or use a ReentrantLock there.");
    }
}
