// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam attach}: the live dashboard of a running JVM. */
@Command(
        name = "attach",
        description = "Attaches to running JVMs and serves their live dashboard until Ctrl-C, then detaches.",
        mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "PID|NAME",
            description = "Process id, main class or jar of the JVM; several share one dashboard.")
    private List<String> targets = List.of();

    @Option(names = "--for", paramLabel = "TIME", converter = Durations.class, description = "Stop after this time.")
    private @Nullable Duration length;

    @Option(names = "--keep", description = "Leave the agent in the JVM when this ends.")
    private boolean keep;

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private ReportOptions report = new ReportOptions();

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws Failure, AttachException, InterruptedException {
        Watching.check(report, targets.size());
        try (Pages pages = Pages.start(page)) {
            AttachOptions options = AttachOptions.live(watch.depth(Depth.LIGHT), keep);
            return new Watching(options, watch.races(Depth.LIGHT), report, console).run(resolved(), pages, length);
        }
    }

    private List<Target> resolved() throws AttachException {
        Map<Long, Target> resolved = new LinkedHashMap<>();
        for (String name : targets) {
            Target target = Target.resolve(name);
            resolved.put(target.pid(), target);
        }
        return List.copyOf(resolved.values());
    }
}
