// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.attach.Jvm;
import io.lockjam.attach.Jvms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockjam ps}: the JVMs on this machine. */
@Command(
        name = "ps",
        description = "Lists the JVMs on this machine; touches none of them.",
        mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    @SuppressWarnings("UnusedVariable") // ps has nothing to add, but takes -q and -v like every command
    private Console console = new Console();

    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "-",
            paramLabel = "FILE|-",
            description = "As JSON, on standard output or into FILE.")
    private @Nullable String json;

    @Override
    public Integer call() throws Failure {
        List<Jvm> jvms = Jvms.list();
        if (json == null) {
            System.out.print(table(jvms));
        } else if (json.equals("-")) {
            System.out.println(json(jvms));
        } else {
            OutputFile.check(Path.of(json));
            OutputFile.write(Path.of(json), json(jvms));
        }
        return Exit.DONE;
    }

    static String table(List<Jvm> jvms) {
        if (jvms.isEmpty()) {
            return "No JVM runs on this machine, or none that this user can see.\n";
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"PID", "MAIN CLASS", "JDK", "USER", "UP", "ATTACHED", "NOT ATTACHABLE BECAUSE"});
        for (Jvm jvm : jvms) {
            rows.add(new String[] {
                Long.toString(jvm.pid()),
                jvm.mainClass().isEmpty() ? "-" : jvm.mainClass(),
                jvm.jdk().isEmpty() ? "?" : jvm.jdk(),
                jvm.user(),
                Texts.uptime(jvm.uptime()),
                jvm.attached() ? "yes" : "no",
                jvm.reason() == null ? "" : jvm.reason()
            });
        }
        return Texts.columns(rows);
    }

    static String json(List<Jvm> jvms) {
        ArrayNode rows = JSON.createArrayNode();
        for (Jvm jvm : jvms) {
            ObjectNode row = rows.addObject();
            row.put("pid", jvm.pid());
            row.put("mainClass", jvm.mainClass());
            row.put("jdk", jvm.jdk());
            row.put("user", jvm.user());
            row.put("uptimeMs", jvm.uptime().toMillis());
            row.put("attached", jvm.attached());
            row.put("attachable", jvm.attachable());
            row.put("reason", jvm.reason());
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of texts and numbers can always be written", impossible);
        }
    }
}
