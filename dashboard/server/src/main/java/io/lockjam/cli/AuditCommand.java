// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import io.lockjam.race.Patterns;
import io.lockjam.race.RaceState;
import io.lockjam.race.RacesMode;
import io.lockjam.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

    @Option(
            names = "--races-mode",
            paramLabel = "caught|predicted",
            defaultValue = "caught",
            description =
                    "Which races are told: caught in the act, or also predicted, since nothing has ordered them; for"
                            + " test runs, with --races PATTERN (default: ${DEFAULT-VALUE}).")
    private RacesMode racesMode = RacesMode.CAUGHT;

    @Spec
    private @Nullable CommandSpec command;

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private ReportOptions reports = new ReportOptions();

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws Failure, AttachException, InterruptedException {
        reports.check();
        Optional<Patterns> races = watch.races(Depth.DEEP);
        boolean named = races.isPresent() && !races.get().auto();
        if (racesMode == RacesMode.PREDICTED && !named && command != null) {
            throw new ParameterException(
                    command.commandLine(), "--races-mode predicted needs classes to look at: --races com.acme.*");
        }
        return RecordingFile.meant(subject) ? file(Path.of(subject)) : live(Target.resolve(subject));
    }

    private int file(Path path) throws Failure {
        reports.mustNotBe(path);
        RecordingFile file = RecordingFile.of(path);
        return file.fill(console) ? finish(file.report()) : Exit.INTERRUPTED;
    }

    private int live(Target target) throws Failure, AttachException, InterruptedException {
        Stop stop = Main.stop();
        try (Live live = Live.reach(target, AttachOptions.live(watch.depth(Depth.DEEP), false), console, stop)) {
            live.install();
            live.watchRaces(watch.races(Depth.DEEP), racesMode);
            if (!live.awaitFacts()) {
                return Exit.NO_TARGET;
            }
            Stop.Reason why = Waiting.withProgress(stop, length, "Looking", console);
            Optional<RaceState> raced = live.endRaces();
            int code = finish(live.report());
            raced.ifPresent(state -> console.step(state.sum(live.longestExchange())));
            return switch (why) {
                case TIME_OVER -> code;
                case ASKED_TO_LEAVE -> {
                    console.step("Detached before the time was over.");
                    yield code;
                }
                case INTERRUPTED -> Exit.INTERRUPTED;
                case TARGET_ENDED -> {
                    console.warn(target.label() + " ended before the time was over.");
                    yield Exit.TARGET_ENDED;
                }
                case AGENT_LEFT, RECORDING_ENDED -> {
                    console.warn("The agent left " + target.label() + " before the time was over.");
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
