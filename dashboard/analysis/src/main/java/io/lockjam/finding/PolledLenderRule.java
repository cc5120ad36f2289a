// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds pools that let those for whom nothing is free sleep for a moment and look again, as H2's {@code JdbcConnectionPool} does: nobody waits for
 * anything that the JVM knows of.
 *
 * <p>The method that sleeps says that it borrows, of a class that calls itself a pool, and by its code looks again.
 */
record PolledLenderRule(double minLost, int minWaiters) implements Rule<Situation> {
    /** One thread in sum is told of: some polling has to be where things are lent. */
    static final PolledLenderRule DEFAULT = new PolledLenderRule(1, LentForGoodRule.DEFAULT.minWaiters());

    @Override
    public Kind kind() {
        return Kind.BUSY_WAIT;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        Map<Frame, List<Session.Samples>> byPlace = new LinkedHashMap<>();
        for (Session.Samples each : all.samples()) {
            if (each.kind() == Fact.ActivityKind.SLEEP) {
                lends(each.stack(), all)
                        .ifPresent(frame -> byPlace.computeIfAbsent(frame, place -> new ArrayList<>())
                                .add(each));
            }
        }
        return Verdict.of(byPlace.values().stream()
                .flatMap(sleeps -> finding(sleeps, all).stream())
                .toList());
    }

    private static Optional<Frame> lends(Stack stack, Situation all) {
        return stack.site()
                .filter(frame -> LentForGoodRule.borrows(frame)
                        && LentForGoodRule.borrowsFromPool(stack)
                        && !all.session().waitsOnce(new Stack(List.of(frame))));
    }

    private Optional<Finding> finding(List<Session.Samples> sleeps, Situation all) {
        List<String> threads = Words.labels(sleeps.stream().map(Session.Samples::thread));
        double lost = sleeps.stream().mapToLong(Session.Samples::nanos).sum() / 1e9 / all.seconds();
        if (threads.size() < minWaiters || lost < minLost) {
            return Optional.empty();
        }
        long count = sleeps.stream().mapToLong(Session.Samples::count).sum();
        Stack stack = sleeps.get(0).stack();
        Frame waits = stack.site().orElseThrow();
        String lender = Words.simple(waits.className());
        String user = LentOutRule.calledFrom(stack);
        Optional<LentForGoodRule.Nested> nested = LentForGoodRule.nested(stack, lender, all);
        Text text = new Text(
                "%d threads sleep %s times a second until %s has something to lend, at %s%s."
                        .formatted(
                                threads.size(), Words.number(count / all.seconds()), lender, Words.place(waits), user),
                lender
                        + " lets who finds nothing free sleep %s and look again."
                                .formatted(Words.millis(lost * all.seconds() * 1e3 / count))
                        + nested.map(LentForGoodRule.Nested::why).orElse(""),
                Words.number(lost) + " thread-seconds are lost in each second.",
                nested.map(LentForGoodRule.Nested::change)
                        .orElse("Let " + lender + " lend more" + LenderSettings.of(stack)
                                + ", if what is behind it can bear that, keep what it lends for less time, or find who does not give it back"
                                + user + "."),
                "Whoever finds something free need not sleep.",
                "Rests on " + Words.count(count, "sleep") + " and on what the code calls itself.",
                "At least %d threads and %s thread-seconds lost per second; here %d and %s."
                        .formatted(minWaiters, Words.number(minLost), threads.size(), Words.number(lost)));
        return Optional.of(new Finding.BusyWait(new Details(
                "polled lender|" + Words.place(waits),
                all.range(),
                new Subject("thread", "java.lang.Thread", sleeps.get(0).thread().group(), "0", ""),
                text,
                new Impact(lost, threads.size()),
                List.of(new Place("waiter", waits, stack)),
                threads,
                Map.of("count", count),
                List.of())));
    }
}
