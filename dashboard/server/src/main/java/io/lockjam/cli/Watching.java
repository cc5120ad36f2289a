// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Target;
import io.lockjam.race.Patterns;
import io.lockjam.report.Report;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code attach} and {@code demo} have in common: dashboard on, wait, report, detach. */
record Watching(AttachOptions options, Optional<Patterns> races, ReportOptions reports, Console console) {
    /** Returns the exit code. */
    int run(Target target, Pages pages, @Nullable Duration length)
            throws Failure, AttachException, InterruptedException {
        Stop stop = Main.stop();
        try (Live live = Live.reach(target, options, console, stop)) {
            pages.show(live.watched());
            live.install();
            live.watchRaces(races);
            Stop.Reason why = stop.await(length);
            Report report = reports.wanted() ? live.report() : null;
            if (report != null) {
                reports.write(report);
            }
            return exitCode(why, target, report);
        }
    }

    private int exitCode(Stop.Reason why, Target target, @Nullable Report report) {
        int judged = report == null ? Exit.DONE : reports.exitCode(report);
        return switch (why) {
            case TIME_OVER, ASKED_TO_LEAVE -> judged;
            case INTERRUPTED -> Exit.INTERRUPTED;
            case TARGET_ENDED -> {
                console.warn(target.label() + " has ended.");
                yield Exit.TARGET_ENDED;
            }
            case AGENT_LEFT -> {
                console.warn("The agent has left " + target.label() + ".");
                yield Exit.TARGET_ENDED;
            }
        };
    }
}
