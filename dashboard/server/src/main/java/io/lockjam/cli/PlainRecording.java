// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Kind;
import io.lockjam.finding.Verdict;
import io.lockjam.window.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a recording that was made without us leaves open. */
final class PlainRecording {
    private PlainRecording() {}

    /** The findings as they are if the recording has events of ours, else with what its events cannot tell. */
    static Findings completed(Findings findings, Session session) {
        return session.cost(session.kept()).isOurs() ? findings : findings.withUnknown(missing(findings));
    }

    private static List<Verdict.NotEnoughData> missing(Findings findings) {
        Set<Kind> told = findings.found().stream().map(Finding::kind).collect(Collectors.toSet());
        findings.unknown().forEach(each -> told.add(each.kind()));
        List<Verdict.NotEnoughData> missing = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            String what = missing(kind);
            if (what != null && !told.contains(kind)) {
                missing.add(new Verdict.NotEnoughData(kind, "no event of Lockjam is in this recording; " + what));
            }
        }
        return missing;
    }

    /** Null if events of the JDK are enough. */
    private static @Nullable String missing(Kind kind) {
        return switch (kind) {
            case DEADLOCK -> "the JDK's show one in thread dumps only, at the ends of a chunk as a rule";
            case LOST_WAKEUP -> "the JDK's tell of waits when they end, not of those that never do";
            case DATA_RACE, LOCK_ORDER_INVERSION -> "the JDK's tell nothing of fields and of the order of locks";
            case POOL_STARVATION,
                    POOL_QUEUE_GROWTH,
                    POOL_REJECTIONS,
                    POOL_UNDERSIZED,
                    POOL_OVERSIZED,
                    QUEUE_BACKLOG,
                    QUEUE_STARVED -> "the JDK's tell nothing of pools and queues";
            // thresholds of the JDK's own settings, 17 to 25
            case LOCK_CONTENTION, GLOBAL_LOCK, LOCK_CONVOY, LOCK_HELD_ACROSS_BLOCKING ->
                "the JDK's leave out waits below a threshold, 20 ms in default.jfc and 10 ms in profile.jfc, and tell"
                        + " nobody's owner but a monitor's";
            case EVENT_LOOP_BLOCKED -> "the JDK's tell of blocking calls on a loop, not of long turns";
            case CPU_OVERSUBSCRIBED -> "the JDK's do not tell how long threads wait for a core";
            case THREAD_CHURN, THREAD_LEAK, VIRTUAL_THREAD_PINNED, BUSY_WAIT -> null;
        };
    }
}
