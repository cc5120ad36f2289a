// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.finding.LiveFindings;
import io.lockjam.window.Cost;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code lockjam top} shows of the last ten seconds: findings first, then the locks that cost most. */
final class TopScreen {
    private static final Duration LOOK_BACK = Duration.ofSeconds(10);
    private static final int MOST_LOCKS = 15;
    private static final int MOST_FINDINGS = 5;

    private TopScreen() {}

    static String text(Session session, List<LiveFindings.Tracked> findings, String label) {
        Range range = session.last(LOOK_BACK);
        Cost cost = session.cost(range);
        StringBuilder screen = new StringBuilder();
        screen.append(String.format(
                Locale.ROOT,
                "%s   last %d s   agent %.2f %% of a core, %.0f facts/s, %d lost%n%n",
                Texts.clean(label),
                LOOK_BACK.toSeconds(),
                cost.agentCpuShare() * 100,
                cost.eventsPerSecond(),
                cost.droppedEvents()));
        if (findings.isEmpty()) {
            screen.append("Nothing found.\n");
        }
        findings.stream()
                .limit(MOST_FINDINGS)
                .forEach(each -> screen.append(each.finding().severity().id())
                        .append(": ")
                        .append(Texts.clean(each.finding().title()))
                        .append('\n'));
        screen.append('\n').append(locks(session.locks(range)));
        return screen.toString();
    }

    private static String locks(List<LockWindow> locks) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"LOCK", "KIND", "WAITS", "WAITED", "LONGEST", "WAITING", "HELD BY"});
        for (LockWindow lock : locks.subList(0, Math.min(MOST_LOCKS, locks.size()))) {
            rows.add(new String[] {
                lock.name(),
                lock.kind().id(),
                (lock.sampled() ? "~" : "") + lock.contentions(),
                Texts.span(lock.waitTotal()),
                Texts.span(lock.waitMax()),
                Integer.toString(lock.waiting()),
                lock.owners().isEmpty() ? "" : lock.owners().get(0).thread().label()
            });
        }
        return Texts.columns(rows);
    }
}
