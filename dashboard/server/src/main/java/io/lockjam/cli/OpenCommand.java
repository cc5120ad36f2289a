// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.report.Report;
import io.lockjam.source.FileSource;
import io.lockjam.web.Job;
import io.lockjam.web.SessionReadings;
import io.lockjam.web.Watched;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam open}: the dashboard on a recording. */
@Command(
        name = "open",
        description = "Serves the dashboard on recordings, with time travel, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class OpenCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE.jfr",
            description = "A recording of lockjam or of the JDK; several share one dashboard.")
    private List<Path> paths = List.of();

    @Option(names = "--for", paramLabel = "TIME", converter = Durations.class, description = "Stop after this time.")
    private @Nullable Duration length;

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private ReportOptions reports = new ReportOptions();

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws Failure, InterruptedException {
        Watching.check(reports, paths.size());
        List<RecordingFile> files = new ArrayList<>();
        for (Path path : new LinkedHashSet<>(paths)) {
            RecordingFile.check(path);
            reports.mustNotBe(path);
            files.add(RecordingFile.of(path));
        }
        Stop stop = Main.stop();
        try (Pages pages = Pages.start(page)) {
            List<Watched> shown = new ArrayList<>();
            for (RecordingFile file : files) {
                Watched watched = watched(file, shown.size() + 1);
                watched.note(file.path() + " is not read yet.");
                pages.show(watched);
                shown.add(watched);
            }
            for (RecordingFile file : files) {
                fill(file, shown.get(files.indexOf(file)));
            }
            Report report = files.get(0).report();
            reports.write(report);
            Stop.Reason why = stop.await(length);
            return why == Stop.Reason.INTERRUPTED ? Exit.INTERRUPTED : reports.exitCode(report);
        }
    }

    /** Pages show how far it is and may cancel it. */
    private void fill(RecordingFile file, Watched shown) throws Failure {
        FileSource source = new FileSource(file.path());
        Job job = new Job(
                "Reading " + file.path().getFileName() + "; what is shown is not all of it yet", source::cancel);
        shown.job(job);
        shown.note("");
        boolean whole = file.fill(source, console, job::at);
        shown.note(whole ? "" : "The reading of " + file.path() + " was cancelled: the rest of it is not shown.");
        shown.job(null);
    }

    private static Watched watched(RecordingFile file, int number) {
        Watched watched = new Watched(
                "file" + (number == 1 ? "" : "-" + number),
                String.valueOf(file.path().getFileName()),
                Watched.State.RECORDED,
                new SessionReadings(file.session(), file.findings()));
        watched.sources(file.sources());
        return watched;
    }
}
