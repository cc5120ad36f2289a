// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows of probes in JVMs of their own: whatever is ordered stays unreported, whatever races is caught. */
final class ProbesIT {
    private static final String IDIOMS = "io.lockjam.weave.idiom";
    private static final List<String> RACES = List.of(
            "Counter.count",
            "Statics.total",
            "Elements.step",
            "Lazy.instance",
            "DoubleChecked.guarded",
            "Flag.stopped",
            "Publication.message",
            "Account.balance",
            "WrongLock.value",
            "HalfLocked.value",
            "Wide.sum",
            "Wide.step",
            "SharedMap.step",
            "SharedList.step",
            "SharedFormat.step",
            "SharedBuilder.step",
            "Iterated.sum",
            "SharedSet.step",
            "Lru.step",
            "Slow.rare",
            "Cached.hash",
            "Viewed.look",
            "Wrapped.sum",
            "Overridden.put",
            "Taken.copy",
            "Taken.sum",
            "Positioned.step",
            "Drawn.step",
            "Compound.hits",
            "Compound.total",
            "Compound.made",
            "call Map.put-with-Map.get",
            "call Map.put-own-after-Map.containsKey",
            "call Vector.remove-after-Vector.isEmpty",
            "call List.add@io.lockjam.weave.idiom.RacyWrappers$Referred.step",
            "call StringBuilder.append@io.lockjam.weave.idiom.RacyWrappers$Referred.step",
            "call RacySteps$Store.setAttribute-with-RacySteps$Store.getAttribute",
            "call RacySteps$Account.setTotal-with-RacySteps$Account.getTotal",
            "call RacySteps$Account.setOwner-with-RacySteps$Account.getOwner",
            "call Map.put(io.lockjam.weave.idiom.RacySteps$Helped.loaded/load)-own-after-Map.get",
            "call AtomicLong.decrementAndGet-after-AtomicLong.get",
            "call AtomicIntegerArray.set-with-AtomicIntegerArray.get",
            "call System.setProperty-after-System.getProperty");

    private static final List<String> ONCE = List.of(
            "Counter.once",
            "Stop.flag",
            "Balance.amount",
            "WrongLock.held",
            "Reorder.a",
            "Single.single",
            "Guarded.guarded",
            "Once.total",
            "array null",
            "call Map.put",
            "Pooled.tasks",
            "Started.together",
            "Future.stages");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    /** JAVA_HOMEs of a 17 and a 25, or what {@code lockjam.jdks} lists. */
    static List<Path> jdks() throws IOException {
        String given = System.getProperty("lockjam.jdks");
        if (given != null) {
            return Stream.of(given.split(",")).map(Path::of).toList();
        }
        List<Path> found = new ArrayList<>();
        for (String version : List.of("17", "25")) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/usr/lib/jvm"), "*" + version + "*")) {
                for (Path each : all) {
                    if (Files.isExecutable(each.resolve("bin/java"))) {
                        found.add(each);
                        break;
                    }
                }
            }
        }
        return found.isEmpty() ? List.of(Path.of(System.getProperty("java.home"))) : found;
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void catchesEveryRaceInARunningProgram(Path jdk) throws Exception {
        List<String> lines = run(jdk, "Racy", IDIOMS + ",2000,15");

        assertThat(lines).noneMatch(line -> line.startsWith("NOT WOVEN"));
        String races = String.join(
                "\n", lines.stream().filter(line -> line.startsWith("RACE")).toList());
        assertThat(RACES).allSatisfy(race -> assertThat(races).contains(race));
        assertThat(lines.stream().filter(line -> line.startsWith("ORDER") && line.contains("Nested.step")))
                .as("nestings inside the JDK")
                .hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void reportsNothingThatIsOrdered(Path jdk) throws Exception {
        List<String> lines = run(jdk, "Correct", IDIOMS + ",2000,12");

        staysSilent(lines);
        List<String> behindTheFlag = lines.stream()
                .filter(line -> line.startsWith("ORDER") && line.contains("Spin.step"))
                .toList();
        Predicate<String> both = line -> line.matches(".* gates \\w+ \\w+");
        assertThat(behindTheFlag).as("and within the outer lock").anyMatch(both);
        assertThat(behindTheFlag.stream()
                        .filter(both.negate())
                        .map(line -> line.split(" ")[3])
                        .distinct())
                .as("of who held the flag already when the window was opened")
                .hasSizeLessThan(2);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void reportsNothingThatIsOrderedFromTheStart(Path jdk) throws Exception {
        staysSilent(run(jdk, "Correct", IDIOMS + ",0,12,start"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void predictsNothingThatIsOrdered(Path jdk) throws Exception {
        List<String> lines = run(jdk, "Correct", IDIOMS + ",0,8,start,predict");

        assertThat(lines).noneMatch(line -> line.startsWith("PREDICTED")).contains("PREDICTS");
        assertThat(lines).noneMatch(line -> line.startsWith("FAILED") || line.startsWith("NOT WOVEN"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void predictsRacesThatHappenOnce(Path jdk) throws Exception {
        List<String> lines = run(jdk, "Once", IDIOMS + ",0,4,start,predict");

        String races = String.join(
                "\n",
                lines.stream().filter(line -> line.startsWith("PREDICTED")).toList());
        assertThat(lines).contains("DONE", "PREDICTS");
        assertThat(ONCE).allSatisfy(race -> assertThat(races).contains(race));
        assertThat(races).doesNotContain("ordered").doesNotContain("Immutable");
    }

    private static void staysSilent(List<String> lines) {
        assertThat(lines).noneMatch(line -> line.startsWith("RACE") || line.startsWith("NOT WOVEN"));
        assertThat(lines).noneMatch(line -> line.startsWith("FAILED"));
        String counts = lines.stream()
                .filter(line -> line.startsWith("COUNTS"))
                .findFirst()
                .orElse("COUNTS 0");
        assertThat(Integer.parseInt(counts.split(" ")[1])).as("traps").isGreaterThan(500);
    }

    private List<String> run(Path jdk, String program, String window) throws Exception {
        Path agent = folder.resolve("harness.jar");
        try (OutputStream out = Files.newOutputStream(agent)) {
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().putValue("Premain-Class", ProbeHarness.class.getName());
            manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
            new JarOutputStream(out, manifest).close();
        }
        String boot = Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> entry.contains("boot") || entry.contains("events"))
                .reduce((one, other) -> one + java.io.File.pathSeparator + other)
                .orElseThrow();
        Path output = folder.resolve("out.txt");
        Process process = new ProcessBuilder(
                        jdk.resolve("bin/java").toString(),
                        "-Xverify:all",
                        "-Xbootclasspath/a:" + boot,
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED",
                        "-Dnet.bytebuddy.safe=true",
                        "-D" + ProbeHarness.WANTED + "=" + (program.equals("Racy") ? String.join(";", RACES) : ""),
                        "-javaagent:" + agent + "=" + window,
                        "-cp",
                        System.getProperty("java.class.path"),
                        IDIOMS + "." + program)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return Files.readAllLines(output);
    }
}
