// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam top}: the findings and locks of a JVM in the terminal. */
@Command(
        name = "top",
        description = "Shows what a JVM's threads wait for in the terminal, refreshed each second, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Cursor home, then erase to the end: what was there is written over without a flicker. */
    private static final String HOME = "\033[H";

    private static final String ERASE_REST = "\033[J";
    private static final String ERASE_LINE = "\033[K";

    @Parameters(paramLabel = "PID|NAME", description = "Process id, main class or jar of the JVM.")
    private String target = "";

    @Option(names = "--for", paramLabel = "TIME", converter = Durations.class, description = "Stop after this time.")
    private @Nullable Duration length;

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws AttachException, InterruptedException {
        Target found = Target.resolve(target);
        Stop stop = Main.stop();
        AttachOptions options = AttachOptions.live(watch.depth(Depth.LIGHT), false);
        long end = length == null ? Long.MAX_VALUE : System.nanoTime() + length.toNanos();
        try (Live live = Live.reach(found, options, console, stop)) {
            live.install();
            live.watchRaces(watch.races(Depth.LIGHT));
            if (console.terminal()) {
                System.out.print("\033[2J");
            }
            while (!stop.requested() && end - System.nanoTime() > 0 && !System.out.checkError()) {
                stop.pause(PERIOD);
                print(TopScreen.text(live.session(), live.findings().open(), found.label()));
            }
        }
        return switch (stop.await(Duration.ZERO)) {
            case TIME_OVER, ASKED_TO_LEAVE -> Exit.DONE;
            case INTERRUPTED -> Exit.INTERRUPTED;
            case TARGET_ENDED -> {
                console.warn(found.label() + " has ended.");
                yield Exit.TARGET_ENDED;
            }
            case AGENT_LEFT, RECORDING_ENDED -> {
                console.warn("The agent has left " + found.label() + ".");
                yield Exit.TARGET_ENDED;
            }
        };
    }

    private void print(String screen) {
        System.out.print(
                console.terminal() ? HOME + screen.replace("\n", ERASE_LINE + "\n") + ERASE_REST : screen + "\n");
        System.out.flush();
    }
}
