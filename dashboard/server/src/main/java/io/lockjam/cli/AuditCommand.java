// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import io.lockjam.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam audit}: a bounded look at a JVM or a recording, then a report. */
@Command(
        name = "audit",
        description = "Looks at a JVM for a while, or at a recording, and reports what it found.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PID|NAME|FILE.jfr", description = "A JVM or a recording.")
    private String subject = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "30s",
            description = "How long to look at a JVM (default: ${DEFAULT-VALUE}).")
    private Duration length = Duration.ofSeconds(30);

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private ReportOptions reports = new ReportOptions();

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws Failure, AttachException, InterruptedException {
        reports.check();
        return RecordingFile.meant(subject) ? file(Path.of(subject)) : live(Target.resolve(subject));
    }

    private int file(Path path) throws Failure {
        return finish(RecordingFile.read(path, console).report());
    }

    private int live(Target target) throws Failure, AttachException, InterruptedException {
        Stop stop = Main.stop();
        try (Live live = Live.reach(target, AttachOptions.live(watch.depth(Depth.DEEP), false), console, stop)) {
            live.install();
            live.watchRaces(watch.races(Depth.DEEP));
            Stop.Reason why = Waiting.withProgress(stop, length, "Looking", console);
            int code = finish(live.report());
            live.races().ifPresent(state -> console.step(state.sum()));
            return switch (why) {
                case TIME_OVER, ASKED_TO_LEAVE -> code;
                case INTERRUPTED -> Exit.INTERRUPTED;
                case TARGET_ENDED, AGENT_LEFT -> {
                    console.warn(target.label() + " ended before the time was over.");
                    yield Exit.TARGET_ENDED;
                }
            };
        }
    }

    private int finish(Report report) throws Failure {
        if (!reports.takesOutput()) {
            System.out.println(report.markdown());
        }
        reports.write(report);
        return reports.exitCode(report);
    }
}
