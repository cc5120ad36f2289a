// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockjam demo}: a program with one defect, and the dashboard on it. */
@Command(
        name = "demo",
        description = "Starts a demo, attaches to it and opens the dashboard.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A demo's name; without one, a tour of several.")
    private @Nullable String name;

    @Option(names = "--fixed", description = "The variant without the defect.")
    private boolean fixed;

    @Option(names = "--list", description = "List the demos.")
    private boolean list;

    @Option(names = "--for", paramLabel = "TIME", converter = Durations.class, description = "Stop after this time.")
    private @Nullable Duration length;

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private PageOptions page = new PageOptions();

    @Mixin
    private ReportOptions report = new ReportOptions();

    @Mixin
    private Console console = new Console();

    /** One line of {@code Demos --list}. */
    private record Demo(String name, List<String> kinds, String says) {}

    @Override
    public Integer call() throws Failure, AttachException, InterruptedException, IOException {
        report.check();
        if (list) {
            return list();
        }
        console.step("Starting the demo" + (name == null ? "" : " " + name) + "…");
        if (name != null && demos().stream().noneMatch(demo -> demo.name().equals(name))) {
            throw new Failure(
                    Exit.USAGE,
                    "There is no demo '" + name + "'; there are: "
                            + demos().stream().map(Demo::name).collect(Collectors.joining(", ")) + ".");
        }
        List<String> arguments = new ArrayList<>();
        if (name != null) {
            arguments.add(name);
        }
        if (fixed) {
            arguments.add("fixed");
        }
        try (Pages pages = Pages.start(page);
                DemoProcess demo = DemoProcess.start(arguments, console.verbose())) {
            Target target = demo.target();
            if (target == null) {
                throw new Failure(
                        Exit.TARGET_ENDED, "The demo ended at once, with exit code " + demo.exitValue() + ".");
            }
            AttachOptions options = AttachOptions.live(watch.depth(Depth.DEEP), false);
            return new Watching(options, watch.races(Depth.DEEP), report, console).run(List.of(target), pages, length);
        }
    }

    private int list() throws IOException, Failure {
        List<Demo> demos = demos();
        String json = report.json();
        if (json == null) {
            List<String[]> rows = new ArrayList<>();
            rows.add(new String[] {"NAME", "FINDINGS", "SAYS"});
            demos.forEach(demo -> rows.add(new String[] {demo.name(), String.join(", ", demo.kinds()), demo.says()}));
            System.out.print(Texts.columns(rows));
        } else if (json.equals("-")) {
            System.out.println(json(demos));
        } else {
            OutputFile.write(Path.of(json), json(demos));
        }
        return Exit.DONE;
    }

    private static List<Demo> demos() throws IOException {
        return DemoProcess.output(List.of("--list"))
                .lines()
                .map(line -> line.split("\t", 3))
                .filter(fields -> fields.length == 3)
                .map(fields -> new Demo(fields[0], List.of(fields[1].strip().split(" +")), fields[2]))
                .toList();
    }

    private static String json(List<Demo> demos) throws JsonProcessingException {
        ArrayNode rows = JSON.createArrayNode();
        for (Demo demo : demos) {
            ObjectNode row = rows.addObject().put("name", demo.name());
            demo.kinds().forEach(row.putArray("kinds")::add);
            row.put("says", demo.says());
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows);
    }
}
