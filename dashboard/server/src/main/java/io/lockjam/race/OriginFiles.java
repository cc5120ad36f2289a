// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.weave.ClassFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** Class files in the jars and folders that the target loaded its classes from. What cannot be read is not there. */
final class OriginFiles implements ClassFiles, AutoCloseable {
    private static final int MOST_JARS = 200;
    private static final int LARGEST_CLASS = 4 << 20;

    private final Set<Path> places = new LinkedHashSet<>();
    private final Map<Path, JarFile> open = new LinkedHashMap<>();

    /** @param origin a file URL as the agent gives it; others are ignored */
    synchronized void add(String origin) {
        if (!origin.startsWith("file:") || places.size() >= MOST_JARS) {
            return;
        }
        try {
            places.add(Path.of(new URI(origin.replace(" ", "%20"))));
        } catch (URISyntaxException | IllegalArgumentException notAPath) {
            try {
                places.add(Path.of(origin.substring("file:".length())));
            } catch (InvalidPathException odd) {
                return;
            }
        }
    }

    @Override
    public synchronized byte @Nullable [] of(String internalName) {
        for (Path place : places) {
            try {
                byte[] found = Files.isDirectory(place) ? inFolder(place, internalName) : inJar(place, internalName);
                if (found != null) {
                    return found;
                }
            } catch (IOException | InvalidPathException unreadable) {
                // the next place may have it
            }
        }
        return null;
    }

    @Override
    public synchronized void close() throws IOException {
        for (JarFile each : open.values()) {
            each.close();
        }
        open.clear();
    }

    private static byte @Nullable [] inFolder(Path folder, String name) throws IOException {
        Path file = folder.resolve(name + ".class").normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file) || Files.size(file) > LARGEST_CLASS) {
            return null;
        }
        return Files.readAllBytes(file);
    }

    private byte @Nullable [] inJar(Path jar, String name) throws IOException {
        if (!Files.isRegularFile(jar)) {
            return null;
        }
        JarFile file = open.get(jar);
        if (file == null) {
            file = new JarFile(jar.toFile());
            open.put(jar, file);
        }
        ZipEntry entry = file.getEntry(name + ".class");
        if (entry == null) {
            return null;
        }
        try (InputStream in = file.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(LARGEST_CLASS + 1);
            return bytes.length > LARGEST_CLASS ? null : bytes;
        }
    }
}
