// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds loops whose selector returns at once, again and again: a key is always ready, or nobody waits at all.
 *
 * <p>Samples of a native method do not tell whether it waits or computes, so the processor time has to: the thread wants half a core and more, and
 * what its samples show outside the selector accounts for less than half of that. A loop with much to read and write spends its time there. One
 * that waits, however short, gives its core up: on a crowded machine it may want half a core only to come back to its selector.
 */
record SelectorSpinRule(double minCores, double mostOutside, long minSamples, Duration minTurn)
        implements Rule<Situation> {
    static final SelectorSpinRule DEFAULT = new SelectorSpinRule(0.5, 0.5, 20, Duration.ofMillis(1));

    @Override
    public Kind kind() {
        return Kind.BUSY_WAIT;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        for (ThreadWindow thread : all.threads()) {
            double cores = Math.min(1, thread.cpuShare() + thread.runQueueWaitShare());
            if (!(cores >= minCores) || waits(thread)) { // NaN as well
                continue;
            }
            List<Session.Samples> samples = all.samples().stream()
                    .filter(each ->
                            each.thread().id() == thread.thread().id() && each.kind() != Fact.ActivityKind.SLEEP)
                    .toList();
            long count = samples.stream().mapToLong(Session.Samples::count).sum();
            Optional<Session.Samples> most = samples.stream()
                    .filter(each -> EventLoopBlockedRule.inSelector(each.stack()))
                    .max(Comparator.comparingInt(Session.Samples::count));
            long inside = samples.stream()
                    .filter(each -> EventLoopBlockedRule.inSelector(each.stack()))
                    .mapToLong(Session.Samples::count)
                    .sum();
            double outside = (double) (count - inside) / Math.max(1, count);
            if (most.isPresent() && count >= minSamples && outside <= mostOutside * cores) {
                return new Verdict.Found(finding(thread, most.get().stack(), outside, count, all));
            }
        }
        return Verdict.CLEAR;
    }

    /**
     * Whether it gives its core up after each short turn; false if nobody counts that. Where it gets a core for a fraction of the time, one that never
     * waits loses it to others.
     */
    private boolean waits(ThreadWindow thread) {
        double voluntary = thread.voluntarySwitchesPerSecond();
        boolean crowded = thread.cpuShare() < minCores / 2;
        return voluntary * minTurn.toNanos() / 1e9 > thread.cpuShare()
                || (crowded && voluntary >= thread.involuntarySwitchesPerSecond());
    }

    private Finding finding(ThreadWindow thread, Stack stack, double outside, long count, Situation all) {
        String name = thread.thread().label();
        double cores = thread.cpuShare();
        double wanted = Math.min(1, cores + thread.runQueueWaitShare());
        Optional<Frame> loop = stack.own();
        String at = loop.map(frame -> ", at " + Words.place(frame)).orElse("");
        boolean now = stack.frames().stream().anyMatch(frame -> frame.method().equals("selectNow"));
        Text text = new Text(
                "%s burns %s of a core in a selector that returns at once%s.".formatted(name, Words.percent(cores), at),
                now
                        ? "selectNow() does not wait, so the loop goes round without anything to do."
                        : "Some key is ready each time, or the selector is woken each time, and the loop has hardly anything to do: "
                                + Words.percent(outside) + " of its samples are outside the selector.",
                Words.number(cores) + " cores are burnt.",
                now
                        ? "Call select(), which waits, instead of selectNow()" + at + "."
                        : "Ask for OP_WRITE only while something is left to write, close a channel whose read returns -1, and handle or cancel"
                                + " each key that is selected" + at + ".",
                "The thread uses no core while nothing comes.",
                "Processor time is exact; places rest on " + Words.count(count, "sample") + ".",
                "Half a core is wanted, less than half of that goes outside the selector, and the thread gives its core up less than once in %s of it, or where it gets little of one less often than it loses it; here %s and %s."
                        .formatted(Words.time(minTurn), Words.percent(wanted), Words.percent(outside)));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("samples", count);
        evidence.put("outside", outside);
        return new Finding.BusyWait(new Details(
                "selector|" + loop.map(Words::place).orElse(thread.group()),
                all.range(),
                new Subject("loop", "java.lang.Thread", thread.group(), "0", ""),
                text,
                new Impact(cores, 1),
                loop.map(frame -> List.of(new Place("waiter", frame, stack))).orElse(List.of()),
                List.of(name),
                evidence,
                List.of()));
    }
}
