// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Target;
import io.lockjam.race.Patterns;
import io.lockjam.report.Report;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code attach} and {@code demo} have in common: dashboard on, wait, report, detach. What ended is served for as long as a page is open. */
record Watching(AttachOptions options, Optional<Patterns> races, ReportOptions reports, Console console) {
    /** Fails if a report is asked for that can be of one target only. */
    static void check(ReportOptions reports, int targets) throws Failure {
        reports.check();
        if (targets > 1 && reports.wanted()) {
            throw new Failure(
                    Exit.USAGE, "A report is of one target: leave --json, --html, --md, --sarif and --fail-on out.");
        }
    }

    /** Returns the exit code. */
    int run(List<Target> targets, Pages pages, @Nullable Duration length)
            throws Failure, AttachException, InterruptedException {
        Stop stop = Main.stop();
        stop.targets(targets.size());
        Deque<Live> lives = new ArrayDeque<>();
        try {
            for (Target target : targets) {
                Live live = Live.reach(target, options, console, stop);
                lives.push(live);
                console.makeWay();
                pages.show(live.watched());
                live.install();
                live.watchRaces(races);
            }
            if (length != null) {
                for (Live live : lives) {
                    live.awaitFacts();
                }
            }
            Stop.Reason why = stop.await(length);
            Report report = reports.wanted() ? report(lives.getFirst()) : null;
            if (report != null) {
                reports.write(report);
            }
            int code = exitCode(why, targets, report);
            if (length == null && code == Exit.TARGET_ENDED) {
                pages.serveOn(stop);
            }
            return code;
        } finally {
            lives.forEach(Live::close);
        }
    }

    private static Report report(Live live) throws InterruptedException {
        live.endRaces();
        return live.report();
    }

    private int exitCode(Stop.Reason why, List<Target> targets, @Nullable Report report) {
        int judged = report == null ? Exit.DONE : reports.exitCode(report);
        String all = targets.stream().map(Target::label).collect(Collectors.joining(" and "));
        String have = targets.size() == 1 ? " has" : " have";
        return switch (why) {
            case TIME_OVER, ASKED_TO_LEAVE -> judged;
            case INTERRUPTED -> Exit.INTERRUPTED;
            case TARGET_ENDED -> {
                console.warn(all + have + " ended.");
                yield Exit.TARGET_ENDED;
            }
            case AGENT_LEFT, RECORDING_ENDED -> {
                console.warn("The agent has left " + all + ".");
                yield Exit.TARGET_ENDED;
            }
        };
    }
}
