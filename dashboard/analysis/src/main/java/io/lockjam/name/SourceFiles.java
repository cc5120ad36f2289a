// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Source lines of the target's classes, looked for where builds leave sources: beside a class file, {@code src/main/java} of the project that
 * it lies in or of its modules, the file that {@code java Source.java} was given, {@code NAME-sources.jar} beside {@code NAME.jar}, the JDK's
 * {@code src.zip}, and the project in the present folder.
 *
 * <p>Only files with the name and package that a class file states are ever read. They may be newer than what runs.
 */
public final class SourceFiles {
    /** Knows no source. */
    public static final SourceFiles NONE = new SourceFiles(className -> "", null, null);

    private static final List<String> FOLDERS =
            List.of("src/main/java", "src/test/java", "src/main/kotlin", "src/main/groovy", "src/main/scala", "src");
    private static final Pattern FILE_NAME = Pattern.compile("[\\w$-]{1,200}\\.(java|kt|groovy|scala)");
    private static final Pattern PACKAGE = Pattern.compile("[\\w$.]{0,500}");
    /** A class folder is at most this far below its project: {@code build/classes/java/main}. */
    private static final int MOST_PARENTS = 4;

    private static final int MOST_MODULES = 100;
    private static final int LARGEST_FILE = 4 << 20;
    private static final int MOST_KNOWN = 200;

    private final UnaryOperator<String> originOf;
    private final @Nullable Path javaHome;
    private final @Nullable Path here;
    private final Map<String, Optional<Found>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Found>> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    private record Found(String path, List<String> lines) {}

    /**
     * Lines of one file.
     *
     * @param path where they were found
     * @param first number of the first of the lines, from 1
     */
    public record Excerpt(String path, int first, List<String> lines) {}

    /**
     * Sources beside class files.
     *
     * @param originOf URL or path of the folder or jar that a class was loaded from; empty if not known
     * @param javaHome the target's JDK; null if not known
     * @param here a project to look into as well; null for none
     */
    public SourceFiles(UnaryOperator<String> originOf, @Nullable Path javaHome, @Nullable Path here) {
        this.originOf = originOf;
        this.javaHome = javaHome;
        this.here = here;
    }

    /** The named line with some before and after it; empty if no such file is found or it is too short. */
    public Optional<Excerpt> around(String className, String fileName, int line, int context) {
        int dot = className.lastIndexOf('.');
        String type = dot < 0 ? "" : className.substring(0, dot);
        if (!FILE_NAME.matcher(fileName).matches() || !PACKAGE.matcher(type).matches() || type.contains("..")) {
            return Optional.empty();
        }
        String entry = type.isEmpty() ? fileName : type.replace('.', '/') + "/" + fileName;
        return find(className, entry)
                .filter(found -> line >= 1 && line <= found.lines().size())
                .map(found -> {
                    int first = Math.max(1, line - context);
                    int last = Math.min(found.lines().size(), line + context);
                    return new Excerpt(
                            found.path(), first, List.copyOf(found.lines().subList(first - 1, last)));
                });
    }

    private Optional<Found> find(String className, String entry) {
        synchronized (known) {
            Optional<Found> before = known.get(entry);
            if (before != null) {
                return before;
            }
        }
        Optional<Found> found = look(className, entry);
        synchronized (known) {
            known.put(entry, found);
        }
        return found;
    }

    private Optional<Found> look(String className, String entry) {
        try {
            Path origin = ClassPathBytes.file(originOf.apply(className));
            Found found = origin == null ? null : beside(origin, entry);
            found = found == null && here != null ? inProject(here, entry) : found;
            return Optional.ofNullable(found == null ? inJdk(entry) : found);
        } catch (IOException | InvalidPathException unreadable) {
            return Optional.empty();
        }
    }

    private static @Nullable Found beside(Path origin, String entry) throws IOException {
        String name = String.valueOf(origin.getFileName());
        if (name.endsWith(".jar")) {
            Path sources = origin.resolveSibling(name.substring(0, name.length() - 4) + "-sources.jar");
            Found found = inZip(sources, entry);
            if (found != null) {
                return found;
            }
        }
        Found beside = inFile(name.endsWith(".java") && Path.of(entry).endsWith(name) ? origin : origin.resolve(entry));
        if (beside != null) {
            return beside;
        }
        Path project = origin.getParent();
        for (int up = 0; up < MOST_PARENTS && project != null && project.getNameCount() > 0; up++) {
            Found found = inProject(project, entry);
            if (found != null) {
                return found;
            }
            project = project.getParent();
        }
        return null;
    }

    private static @Nullable Found inProject(Path project, String entry) throws IOException {
        Found found = inModule(project, entry);
        if (found != null || !Files.isDirectory(project)) {
            return found;
        }
        try (Stream<Path> children = Files.list(project)) {
            for (Path module :
                    children.filter(Files::isDirectory).limit(MOST_MODULES).toList()) {
                found = inModule(module, entry);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable Found inModule(Path module, String entry) throws IOException {
        for (String folder : FOLDERS) {
            Path root = module.resolve(folder);
            Path file = root.resolve(entry).normalize();
            Found found = file.startsWith(root) ? inFile(file) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Found inFile(Path file) throws IOException {
        boolean fits = Files.isRegularFile(file) && Files.size(file) <= LARGEST_FILE;
        return fits ? new Found(file.toString(), lines(Files.readAllBytes(file))) : null;
    }

    private @Nullable Found inJdk(String entry) throws IOException {
        return javaHome == null ? null : inZip(javaHome.resolve("lib/src.zip"), entry);
    }

    /** Entries of a {@code src.zip} begin with the name of a module. */
    private static @Nullable Found inZip(Path path, String entry) throws IOException {
        if (!Files.isRegularFile(path)) {
            return null;
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<ZipEntry> candidates = new ArrayList<>();
            for (String name : List.of(entry, "java.base/" + entry)) {
                ZipEntry exact = zip.getEntry(name);
                if (exact != null) {
                    candidates.add(exact);
                }
            }
            if (candidates.isEmpty()) {
                zip.stream()
                        .filter(each -> each.getName().endsWith("/" + entry))
                        .forEach(candidates::add);
            }
            if (candidates.isEmpty() || candidates.get(0).getSize() > LARGEST_FILE) {
                return null;
            }
            try (InputStream in = zip.getInputStream(candidates.get(0))) {
                return new Found(path + "!/" + candidates.get(0).getName(), lines(in.readNBytes(LARGEST_FILE)));
            }
        }
    }

    private static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }
}
