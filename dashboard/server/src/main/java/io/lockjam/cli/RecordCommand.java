// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        OutputFile.checkReplaceable(output);
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
            switch (why) {
                case TARGET_ENDED -> throw cut(live, shared, found.label() + " ended");
                case AGENT_LEFT, RECORDING_ENDED -> throw cut(live, shared, "The recording ended");
                case TIME_OVER, ASKED_TO_LEAVE, INTERRUPTED -> live.settle();
            }
            save(file -> dump(live, file, shared || shared(live)));
            String early = why == Stop.Reason.ASKED_TO_LEAVE ? "Detached before the time was over; wrote " : "Wrote ";
            console.step(early + output + ".");
            return why == Stop.Reason.INTERRUPTED ? Exit.INTERRUPTED : Exit.DONE;
        }
    }

    private Failure cut(Live live, boolean shared, String what) throws Failure {
        save(file -> rescue(live, file, shared));
        return new Failure(
                Exit.TARGET_ENDED,
                what + " before the time was over; " + output + " holds what was recorded until then.");
    }

    private void dump(Live live, Path file, boolean shared) throws IOException {
        try {
            live.attachment().dump(file);
        } catch (IOException failed) { // it goes by way of the target's /tmp, which may be full
            Files.deleteIfExists(file);
            rescue(live, file, failed);
        }
        if (shared) {
            Secrets.remove(file, console);
        }
    }

    private static void rescue(Live live, Path file, IOException failed) throws IOException {
        try {
            live.attachment().rescue(file);
        } catch (IOException lost) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    /** Who else recorded cannot be asked any more. */
    private void rescue(Live live, Path file, boolean shared) throws IOException {
        live.attachment().rescue(file);
        if (shared || Secrets.in(file)) {
            Secrets.remove(file, console);
        }
    }

    private void save(OutputFile.Maker maker) throws Failure {
        try {
            OutputFile.replace(output, maker);
        } catch (IOException failed) {
            throw OutputFile.elsewhere(output, failed, maker);
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
