// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK that targets are started on. */
record Jdk(int feature, Path home) {
    /** The releases every test should run on: the oldest and the newest with long-term support. */
    private static final List<Integer> WANTED = List.of(17, 25);

    private static final Path USUAL_PLACE = Path.of("/usr/lib/jvm");

    /** One JDK of each wanted release; a missing one is said aloud. */
    static List<Jdk> all() {
        List<Jdk> candidates = candidates();
        List<Jdk> found = new ArrayList<>();
        for (int feature : WANTED) {
            candidates.stream()
                    .filter(jdk -> jdk.feature == feature)
                    .findFirst()
                    .ifPresentOrElse(
                            found::add,
                            () -> System.err.println("JDK " + feature
                                    + " NOT FOUND: nothing is tested on it; name its home in LOCKJAM_TEST_JDKS"));
        }
        return found;
    }

    static Jdk of(int feature) {
        return all().stream()
                .filter(jdk -> jdk.feature == feature)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no JDK " + feature));
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    @Override
    public String toString() {
        return "JDK " + feature;
    }

    private static List<Jdk> candidates() {
        List<Path> homes = new ArrayList<>();
        String named = System.getenv("LOCKJAM_TEST_JDKS");
        if (named != null) {
            Stream.of(named.split(File.pathSeparator))
                    .filter(text -> !text.isBlank())
                    .map(Path::of)
                    .forEach(homes::add);
        }
        homes.add(Path.of(System.getProperty("java.home")));
        if (Files.isDirectory(USUAL_PLACE)) {
            try (Stream<Path> entries = Files.list(USUAL_PLACE)) {
                entries.sorted().forEach(homes::add);
            } catch (IOException unreadable) {
                System.err.println("cannot list " + USUAL_PLACE + ": " + unreadable);
            }
        }
        return homes.stream().flatMap(Jdk::at).toList();
    }

    private static Stream<Jdk> at(Path home) {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        } catch (IOException notAJdk) {
            return Stream.empty();
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        boolean complete = Files.isExecutable(home.resolve("bin").resolve("javac"));
        return complete && version.matches("\\d+.*")
                ? Stream.of(new Jdk(Integer.parseInt(version.split("[^0-9]")[0]), home))
                : Stream.empty();
    }
}
