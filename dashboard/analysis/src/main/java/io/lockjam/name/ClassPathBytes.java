// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Class files from the places a JVM loaded its classes from: folders, jars, jars in jars, and the JDK's image.
 *
 * <p>A jar is opened for one look and closed again, so that no file of the target's stays open here.
 */
public final class ClassPathBytes implements ClassBytes, AutoCloseable {
    /** The JVM's own limit is far higher; real classes stay below. */
    private static final int LARGEST_CLASS = 4 << 20;

    private static final int MOST_ORIGINS = 10_000;

    /** Reading as many takes about a second. */
    private static final int MOST_BESIDE = 3_000;

    /** Looking through as many files takes some seconds. */
    private static final int MOST_FILES = 100_000;

    private final ClassPlaces places = new ClassPlaces();
    private final @Nullable Path javaHome;
    private final Map<String, Location> origins = new ConcurrentHashMap<>();
    private volatile Instant latest = Instant.MAX;
    private @Nullable FileSystem image;

    /**
     * A folder or jar, and what to go through inside it.
     *
     * @param inside names of a folder or a nested jar in the jar, outermost first
     */
    record Location(Path path, List<String> inside) {}

    /**
     * Class files from the given places, in their order.
     *
     * @param locations URLs or paths; what cannot be understood is left out
     * @param javaHome the target's JDK, for its own classes; null for none
     */
    public ClassPathBytes(List<String> locations, @Nullable Path javaHome) {
        locations.forEach(this::also);
        this.javaHome = javaHome;
    }

    /** Has classes looked for in one more place, after all others; what cannot be understood is left out. */
    public void also(String location) {
        Location parsed = location.isEmpty() ? null : location(location);
        if (parsed != null) {
            places.add(parsed);
        }
    }

    /** Has files that were changed later taken for other ones, of which nothing is known. */
    public void notAfter(Instant time) {
        latest = time.isBefore(latest) ? time : latest;
    }

    /** Says where one class was loaded from; that place is tried first. */
    public void origin(String className, String location) {
        Location parsed = location(location);
        if (parsed != null && origins.size() < MOST_ORIGINS) {
            origins.put(className, parsed);
        }
    }

    /** Says that one class lies where another one was loaded from. */
    public void sameOrigin(String className, String other) {
        Location known = origins.get(other);
        if (known != null && origins.size() < MOST_ORIGINS) {
            origins.put(className, known);
        }
    }

    @Override
    public byte @Nullable [] of(String className) {
        String entry = className.replace('.', '/') + ".class";
        Location origin = origins.get(className);
        byte[] bytes = origin == null ? null : readOld(origin, entry);
        Iterator<Location> others = places.of(className).iterator();
        while (bytes == null && others.hasNext()) {
            bytes = readOld(others.next(), entry);
        }
        return bytes == null ? fromImage(className, entry) : bytes;
    }

    @Override
    public List<String> beside(String className, String prefix) {
        String entry = className.replace('.', '/') + ".class";
        String begins = prefix.replace('.', '/');
        Location origin = origins.get(className);
        for (Location each : origin == null ? places.of(className) : List.of(origin)) {
            if (readOld(each, entry) != null) {
                List<String> names = names(each, begins);
                boolean old = names.stream().allMatch(name -> isOld(each, name.replace('.', '/') + ".class"));
                return old ? names : List.of();
            }
        }
        return List.of();
    }

    /** The folder or jar in which a class is found; empty if in none. */
    public String placeOf(String className) {
        String entry = className.replace('.', '/') + ".class";
        Location origin = origins.get(className);
        return Stream.concat(Stream.ofNullable(origin), places.of(className).stream())
                .filter(each -> readOld(each, entry) != null)
                .map(each -> each.path().toString())
                .findFirst()
                .orElse("");
    }

    private byte @Nullable [] readOld(Location location, String entry) {
        return isOld(location, entry) ? read(location, entry) : null;
    }

    private boolean isOld(Location location, String entry) {
        Instant limit = latest;
        if (limit.equals(Instant.MAX)) {
            return true;
        }
        try {
            Path file = Files.isDirectory(location.path()) ? location.path().resolve(entry) : location.path();
            return !Files.getLastModifiedTime(file).toInstant().isAfter(limit);
        } catch (IOException | RuntimeException unreadable) {
            return false;
        }
    }

    private static List<String> names(Location location, String begins) {
        Path path = location.path();
        List<String> inside = location.inside();
        boolean folder = inside.isEmpty() || inside.get(0).endsWith("/classes");
        String root = inside.isEmpty() ? "" : inside.get(0) + "/";
        try {
            if (!folder || inside.size() > 1) {
                return List.of();
            }
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    List<String> few = files.limit(MOST_FILES + 1L)
                            .map(path::relativize)
                            .map(ClassPathBytes::entry)
                            .toList();
                    return few.size() > MOST_FILES ? List.of() : classes(few.stream(), "", begins);
                }
            }
            try (ZipFile jar = new ZipFile(path.toFile())) {
                return classes(jar.stream().map(ZipEntry::getName), root, begins);
            }
        } catch (IOException | RuntimeException unreadable) {
            return List.of();
        }
    }

    private static String entry(Path file) {
        return file.toString().replace(File.separatorChar, '/');
    }

    /** With dots; none if there are too many to be looked at. */
    private static List<String> classes(Stream<String> entries, String root, String begins) {
        List<String> found = entries.filter(each -> each.startsWith(root + begins) && each.endsWith(".class"))
                .limit(MOST_BESIDE + 1L)
                .map(each -> each.substring(root.length(), each.length() - ".class".length())
                        .replace('/', '.'))
                .toList();
        return found.size() > MOST_BESIDE ? List.of() : found;
    }

    @Override
    public synchronized void close() {
        try {
            if (image != null) {
                image.close();
            }
        } catch (IOException | RuntimeException ignored) {
            // nothing was written
        }
    }

    /** The folder or outermost jar that a URL or path names; null if it names none. */
    static @Nullable Path file(String location) {
        Location parsed = location.isEmpty() ? null : location(location);
        return parsed == null ? null : parsed.path();
    }

    /** Null if the text is no location of a file. */
    private static @Nullable Location location(String text) {
        String rest = text;
        for (String scheme : List.of("jar:", "nested:", "file:")) {
            rest = rest.startsWith(scheme) ? rest.substring(scheme.length()) : rest;
        }
        boolean url = !rest.equals(text);
        try {
            // Spring Boot 3.2 and later: nested:/app.jar/!BOOT-INF/lib/y.jar!/ ; before:
            // file:/app.jar!/BOOT-INF/lib/y.jar!/
            String[] parts = rest.replace("/!", "!/").split("!/");
            List<String> inside = List.of(parts).subList(1, parts.length).stream()
                    .map(part -> part.endsWith("!") ? part.substring(0, part.length() - 1) : part)
                    .filter(part -> !part.isEmpty())
                    .toList();
            return new Location(path(parts[0], url), inside);
        } catch (RuntimeException notAPath) {
            return null;
        }
    }

    private static Path path(String text, boolean url) {
        if (!url) {
            return Path.of(text);
        }
        try {
            return Path.of(new URI("file:" + text));
        } catch (URISyntaxException | IllegalArgumentException unescaped) {
            return Path.of(text.contains("%") ? URLDecoder.decode(text, StandardCharsets.UTF_8) : text);
        }
    }

    private static byte @Nullable [] read(Location location, String entry) {
        try {
            if (Files.isDirectory(location.path())) {
                Path file = location.path().resolve(entry).normalize();
                return file.startsWith(location.path()) && Files.isRegularFile(file) ? limited(file) : null;
            }
            if (!Files.isRegularFile(location.path())) {
                return null;
            }
            try (ZipFile jar = new ZipFile(location.path().toFile())) {
                return read(jar, location.inside(), entry);
            }
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private static byte @Nullable [] read(ZipFile jar, List<String> inside, String entry) throws IOException {
        String first = inside.isEmpty() ? "" : inside.get(0);
        boolean nested = first.endsWith(".jar") || first.endsWith(".war");
        String name = inside.isEmpty() ? entry : nested ? first : first.replaceFirst("/?$", "/") + entry;
        ZipEntry found = jar.getEntry(name);
        if (found == null) {
            return null;
        }
        try (InputStream in = jar.getInputStream(found)) {
            return nested ? readNested(in, entry) : limited(in);
        }
    }

    private static byte @Nullable [] readNested(InputStream jar, String entry) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(jar)) {
            for (ZipEntry each = entries.getNextEntry(); each != null; each = entries.getNextEntry()) {
                if (each.getName().equals(entry)) {
                    return limited(entries);
                }
            }
            return null;
        }
    }

    private synchronized byte @Nullable [] fromImage(String className, String entry) {
        int dot = className.lastIndexOf('.');
        if (javaHome == null || dot < 0) {
            return null;
        }
        try {
            FileSystem modules = image;
            if (modules == null) {
                modules = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", javaHome.toString()));
                image = modules;
            }
            Path packages = modules.getPath("/packages", className.substring(0, dot));
            if (!Files.isDirectory(packages)) {
                return null;
            }
            try (var links = Files.newDirectoryStream(packages)) {
                for (Path link : links) {
                    Path name = link.getFileName();
                    Path file = modules.getPath("/modules", name == null ? "" : name.toString(), entry);
                    if (Files.exists(file)) {
                        return limited(file);
                    }
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            // an image of another kind: no names from it
        }
        return null;
    }

    private static byte @Nullable [] limited(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return limited(in);
        }
    }

    private static byte @Nullable [] limited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST_CLASS + 1);
        return bytes.length > LARGEST_CLASS ? null : bytes;
    }
}
