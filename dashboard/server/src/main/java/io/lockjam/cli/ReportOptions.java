// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.finding.Finding;
import io.lockjam.finding.Severity;
import io.lockjam.report.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the report goes, and from which severity on it makes the command fail. */
final class ReportOptions {
    /** Standard output, as in other tools. */
    private static final String STANDARD_OUTPUT = "-";

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the report as JSON (lockjam-report/1).")
    private @Nullable String json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as one HTML page.")
    private @Nullable String html;

    @Option(names = "--md", paramLabel = "FILE", description = "Write the report as Markdown.")
    private @Nullable String markdown;

    @Option(names = "--sarif", paramLabel = "FILE", description = "Write the findings as SARIF 2.1.0.")
    private @Nullable String sarif;

    @Option(
            names = "--fail-on",
            paramLabel = "info|warning|error",
            description = "Exit with 1 if there is a finding of this severity or worse.")
    private @Nullable Severity failOn;

    @Nullable
    String json() {
        return json;
    }

    /** Whether the report is to be written anywhere or judged. */
    boolean wanted() {
        return json != null || html != null || markdown != null || sarif != null || failOn != null;
    }

    /** Whether nothing else may be printed on standard output. */
    boolean takesOutput() {
        return STANDARD_OUTPUT.equals(json)
                || STANDARD_OUTPUT.equals(html)
                || STANDARD_OUTPUT.equals(markdown)
                || STANDARD_OUTPUT.equals(sarif);
    }

    /** Fails early, before anything was measured, if a file could not be written later. */
    void check() throws Failure {
        int printed = 0;
        for (Output output : outputs()) {
            String name = output.name();
            printed += STANDARD_OUTPUT.equals(name) ? 1 : 0;
            if (printed > 1) {
                throw new Failure(
                        Exit.USAGE, "Only one of --json, --html, --md and --sarif can go to standard output.");
            }
            if (name != null && !name.equals(STANDARD_OUTPUT)) {
                OutputFile.check(Path.of(name));
            }
        }
    }

    /** Fails if a report would be written over the recording that it is of. */
    void mustNotBe(Path recording) throws Failure {
        for (Output output : outputs()) {
            if (output.name() != null && !STANDARD_OUTPUT.equals(output.name())) {
                OutputFile.mustNotBe(Path.of(output.name()), recording);
            }
        }
    }

    /** Writes all that was asked for, even if one of them fails. */
    void write(Report report) throws Failure {
        Failure first = null;
        for (Output output : outputs()) {
            try {
                write(output, report);
            } catch (Failure failed) {
                first = first == null
                        ? failed
                        : new Failure(Exit.USAGE, first.getMessage() + " " + failed.getMessage());
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** A form of the report, and where it goes; null for nowhere. */
    private record Output(@Nullable String name, Function<Report, String> form) {}

    private List<Output> outputs() {
        return List.of(
                new Output(json, Report::json),
                new Output(html, Report::html),
                new Output(markdown, Report::markdown),
                new Output(sarif, Report::sarif));
    }

    int exitCode(Report report) {
        Severity least = failOn;
        boolean fails = least != null
                && report.findings().stream().map(Finding::severity).anyMatch(each -> each.compareTo(least) >= 0);
        return fails ? Exit.FINDINGS : Exit.DONE;
    }

    private static void write(Output output, Report report) throws Failure {
        String name = output.name();
        if (STANDARD_OUTPUT.equals(name)) {
            System.out.println(output.form().apply(report));
        } else if (name != null) {
            OutputFile.write(Path.of(name), output.form().apply(report));
        }
    }
}
