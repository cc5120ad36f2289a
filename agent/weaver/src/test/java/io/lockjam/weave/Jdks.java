// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JDKs of this machine whose classes can be read: the one that runs, and those installed beside it. */
record Jdks(Path home) {
    /** One for each release found. */
    static Stream<Jdks> all() {
        Map<String, Jdks> byRelease = new TreeMap<>();
        for (Path home : homes()) {
            try {
                if (Files.exists(home.resolve("lib/modules")) && Files.exists(home.resolve("lib/jrt-fs.jar"))) {
                    byRelease.putIfAbsent(Files.readString(home.resolve("release")), new Jdks(home.toRealPath()));
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return byRelease.values().stream();
    }

    private static List<Path> homes() {
        Path running = Path.of(System.getProperty("java.home"));
        List<Path> homes = new ArrayList<>(List.of(running));
        try (Stream<Path> beside = Files.list(running.toAbsolutePath().getParent())) {
            beside.filter(Files::isDirectory).forEach(homes::add);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return homes;
    }

    /** The class file from the image of this JDK; null if it has no such class. */
    byte @Nullable [] read(String type) throws IOException {
        try (FileSystem image = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", home.toString()))) {
            Path file = image.getPath("/modules/java.base/" + type.replace('.', '/') + ".class");
            return Files.exists(file) ? Files.readAllBytes(file) : null;
        }
    }

    /** The class file of a class that every JDK has. */
    byte[] readAlways(String type) throws IOException {
        return Objects.requireNonNull(read(type), type);
    }

    @Override
    public String toString() {
        return home.getFileName().toString();
    }
}
