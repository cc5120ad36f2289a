// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.IoReason;
import io.lockjam.source.FileSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam export}: the waits of a recording for other tools. */
@Command(
        name = "export",
        description = "Writes the waits of a recording in a format that other tools read.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    /** What is written. */
    enum Format {
        /** Chrome's trace events: one slice for each wait, for ui.perfetto.dev. */
        PERFETTO,
        /** One line for each stack with its waited microseconds, for flame graph tools. */
        COLLAPSED,
        /** The same stacks for speedscope.app. */
        SPEEDSCOPE
    }

    @Parameters(paramLabel = "FILE.jfr", description = "A recording of lockjam or of the JDK.")
    private Path path = Path.of("");

    @Option(
            names = "--format",
            required = true,
            paramLabel = "perfetto|collapsed|speedscope",
            description = "The format.")
    private Format format = Format.COLLAPSED;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE|-",
            description = "Where to write; standard output if absent.")
    private @Nullable String output;

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws Failure {
        Path file = output == null || output.equals("-") ? null : Path.of(output);
        if (file != null) {
            OutputFile.check(file);
            OutputFile.mustNotBe(file, path);
        }
        RecordingFile.check(path);
        try {
            if (file == null) {
                return write(System.out);
            }
            boolean fresh = !Files.exists(file);
            try (OutputStream out = Files.newOutputStream(file)) {
                return write(out);
            } catch (Failure unreadable) {
                if (fresh) {
                    Files.delete(file);
                }
                throw unreadable;
            }
        } catch (IOException failed) {
            String name = file == null ? "" : " " + file;
            throw new Failure(Exit.USAGE, "Cannot write" + name + ": " + IoReason.of(failed) + ".", failed);
        }
    }

    private int write(OutputStream out) throws IOException, Failure {
        Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        WaitExport export = switch (format) {
            case PERFETTO -> new PerfettoExport(text);
            case COLLAPSED -> new CollapsedExport(text);
            case SPEEDSCOPE -> new SpeedscopeExport(text);
        };
        try {
            boolean whole = RecordingFile.facts(path, new FileSource(path), export, console, (read, total) -> {});
            export.finish();
            text.flush();
            return whole ? Exit.DONE : Exit.INTERRUPTED;
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }
}
