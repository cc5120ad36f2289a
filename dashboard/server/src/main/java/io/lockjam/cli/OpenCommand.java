// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.name.SourceFiles;
import io.lockjam.report.Report;
import io.lockjam.web.SessionReadings;
import io.lockjam.web.Watched;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam open}: the dashboard on a recording. */
@Command(
        name = "open",
        description = "Serves the dashboard on a recording, with time travel, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class OpenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE.jfr", description = "A recording of lockjam or of the JDK.")
    private Path path = Path.of("");

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
        reports.check();
        RecordingFile file = RecordingFile.of(path);
        file.check();
        Stop stop = Main.stop();
        try (Pages pages = Pages.start(page)) {
            SessionReadings readings = new SessionReadings(file.session(), file.findings());
            Watched watched = new Watched("file", String.valueOf(path.getFileName()), Watched.State.RECORDED, readings);
            watched.sources(new SourceFiles(className -> "", null, Path.of("").toAbsolutePath()));
            pages.show(watched);
            file.fill(console);
            Report report = file.report();
            reports.write(report);
            Stop.Reason why = stop.await(length);
            return why == Stop.Reason.INTERRUPTED ? Exit.INTERRUPTED : reports.exitCode(report);
        }
    }
}
