// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import java.util.List;
import java.util.Map;

/**
 * Finds groups of threads that only grow.
 *
 * <p>At least eight more of one name group, a tenth or less ended, and new ones in each third of the time: a pool that fills up at the start stops
 * growing, and one that is known and has not reached its size is no leak.
 */
record ThreadLeakRule(int minGrowth, double maxEnded, int minSeconds) implements Rule<Situation> {
    static final ThreadLeakRule DEFAULT = new ThreadLeakRule(8, 0.1, 6);

    @Override
    public Kind kind() {
        return Kind.THREAD_LEAK;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        if (all.seconds() < minSeconds) {
            return notYet("growth of thread groups: seen for less than " + minSeconds + " s");
        }
        Range range = all.range();
        Map<String, Session.GroupCount> groups = all.session().groups(range);
        for (Map.Entry<String, Session.GroupCount> each : groups.entrySet()) {
            Session.GroupCount count = each.getValue();
            boolean grows = !each.getKey().startsWith("virtual:")
                    && count.started() - count.ended() >= minGrowth
                    && count.ended() <= maxEnded * count.started()
                    && inEachThird(each.getKey(), all)
                    && !fillingPool(each.getKey(), all);
            if (grows) {
                return new Verdict.Found(finding(each.getKey(), count, all));
            }
        }
        return Verdict.CLEAR;
    }

    private static boolean inEachThird(String group, Situation all) {
        Range range = all.range();
        for (int i = 0; i < 3; i++) {
            Range third = new Range(
                    range.from().plus(range.length().multipliedBy(i).dividedBy(3)),
                    range.from().plus(range.length().multipliedBy(i + 1L).dividedBy(3)));
            Session.GroupCount count = all.session().groups(third).get(group);
            if (count == null || count.started() == 0) {
                return false;
            }
        }
        return true;
    }

    /** One pool on its way to its size. Many pools of one name are what leaks when each is made for one use. */
    private static boolean fillingPool(String group, Situation all) {
        List<PoolWindow> pools = all.pools().stream()
                .filter(pool -> pool.name().replaceAll("\\d+", "#").equals(group))
                .toList();
        return pools.size() == 1
                && pools.get(0).maxSize() > 0
                && pools.get(0).maxSize() < 10_000
                && pools.get(0).size() <= pools.get(0).maxSize();
    }

    private Finding finding(String group, Session.GroupCount count, Situation all) {
        String at =
                count.origin().site().map(frame -> " at " + Words.place(frame)).orElse("");
        int more = count.started() - count.ended();
        double rate = more / all.seconds();
        long alive = all.threads().stream()
                .filter(thread -> thread.group().equals(group) && thread.ended() == null)
                .count();
        Text text = new Text(
                "Threads named %s only grow: %d more in %s, %d alive%s."
                        .formatted(
                                all.groupName(group),
                                more,
                                Words.time(all.range().length()),
                                alive,
                                at),
                count.started() + " were started and " + count.ended() + " ended.",
                "About " + Words.number(rate)
                        + " MB of stacks are reserved each second, until no thread can be started.",
                "End what is started" + at + ": close or shut down its pool or client, or make one and share it.",
                "With one shared pool the number of threads stands still.",
                "Exact: starts and ends are counted.",
                "At least %d more of one group, in each third of the time, at most %s ended; here %d and %s."
                        .formatted(
                                minGrowth,
                                Words.percent(maxEnded),
                                more,
                                Words.percent((double) count.ended() / Math.max(1, count.started()))));
        return new Finding.ThreadLeak(ThreadChurnRule.details(group, count.origin(), all, text, count));
    }
}
