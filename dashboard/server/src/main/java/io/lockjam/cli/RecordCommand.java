// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam record}: a recording that lockjam and JDK Mission Control read. */
@Command(
        name = "record",
        description = "Records a JVM into a file that lockjam open, lockjam audit and JDK Mission Control read.",
        mixinStandardHelpOptions = true)
final class RecordCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PID|NAME", description = "Process id, main class or jar of the JVM.")
    private String target = "";

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE.jfr",
            description = "File to write.")
    private Path output = Path.of("");

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "60s",
            description = "How long to record (default: ${DEFAULT-VALUE}).")
    private Duration length = Duration.ofSeconds(60);

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws Failure, AttachException, InterruptedException {
        OutputFile.check(output);
        Target found = Target.resolve(target);
        Stop stop = Main.stop();
        try (Live live = Live.reach(found, AttachOptions.recording(watch.depth(Depth.LIGHT)), console, stop)) {
            live.install();
            live.watchRaces(watch.races(Depth.LIGHT));
            if (live.attachment().repository().isEmpty()) {
                throw new Failure(Exit.NO_TARGET, "Nothing can be recorded in " + found.label() + ".");
            }
            boolean shared = shared(live);
            Stop.Reason why = Waiting.withProgress(stop, length, "Recording", console);
            if (why == Stop.Reason.TARGET_ENDED) {
                save(file -> rescue(live, file, shared));
                throw ended(found, output + " holds what was recorded until then.");
            }
            live.settle();
            save(file -> dump(live, file, shared || shared(live)));
            console.step("Wrote " + output + ".");
            return why == Stop.Reason.INTERRUPTED ? Exit.INTERRUPTED : Exit.DONE;
        }
    }

    private static Failure ended(Target target, String then) {
        return new Failure(Exit.TARGET_ENDED, target.label() + " ended before the time was over; " + then);
    }

    /** Makes a file. */
    @FunctionalInterface
    private interface Maker {
        void make(Path file) throws IOException;
    }

    private void dump(Live live, Path file, boolean shared) throws IOException {
        live.attachment().dump(file);
        if (shared) {
            Secrets.remove(file, console);
        }
    }

    /** Who else recorded cannot be asked any more. */
    private void rescue(Live live, Path file, boolean shared) throws IOException {
        live.attachment().rescue(file);
        if (shared || Secrets.in(file)) {
            Secrets.remove(file, console);
        }
    }

    private void save(Maker maker) throws Failure {
        Path folder = output.toAbsolutePath().getParent();
        try {
            Path draft = Files.createTempFile(folder, ".lockjam", ".jfr");
            try {
                Files.delete(draft);
                maker.make(draft);
                Files.move(draft, output, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException failed) {
            throw new Failure(Exit.USAGE, "Cannot write " + output + ": " + failed.getMessage() + ".", failed);
        }
    }

    private static boolean shared(Live live) {
        try {
            return live.attachment().sharesRecording();
        } catch (IOException unknown) {
            return true;
        }
    }
}
