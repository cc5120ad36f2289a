// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.name.ClassPathBytes.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Folders and jars in which a class may be, in their order; what packages a jar has is read once, as a class path may have hundreds. */
final class ClassPlaces {
    private static final int MOST = 2_000;

    /** Where a jar that is an application with its libraries has the classes of its own. */
    private static final List<String> OF_APPLICATIONS = List.of("BOOT-INF/classes", "WEB-INF/classes");

    private final List<Location> places = new CopyOnWriteArrayList<>();
    private final Map<Location, Set<String>> packages = new ConcurrentHashMap<>();

    void add(Location place) {
        if (places.contains(place) || places.size() >= MOST) {
            return;
        }
        places.add(place);
        if (place.inside().isEmpty() && Files.isRegularFile(place.path())) {
            for (String each : OF_APPLICATIONS) {
                if (entries(place).contains(each)) {
                    add(new Location(place.path(), List.of(each)));
                }
            }
        }
    }

    /** Those that may have a class. */
    List<Location> of(String className) {
        if (places.isEmpty() || className.startsWith("java.")) {
            return List.of();
        }
        String inPackage =
                className.substring(0, Math.max(0, className.lastIndexOf('.'))).replace('.', '/');
        return places.stream().filter(place -> mayHave(place, inPackage)).toList();
    }

    private boolean mayHave(Location place, String inPackage) {
        if (Files.isDirectory(place.path()) || place.inside().stream().anyMatch(each -> each.endsWith(".jar"))) {
            return true;
        }
        String root = String.join("/", place.inside());
        return entries(place)
                .contains(root.isEmpty() || inPackage.isEmpty() ? root + inPackage : root + "/" + inPackage);
    }

    /** Folders in a jar that have files, and those in which such folders lie. */
    private Set<String> entries(Location jar) {
        return packages.computeIfAbsent(new Location(jar.path(), List.of()), ignored -> read(jar));
    }

    private static Set<String> read(Location jar) {
        Set<String> found = new HashSet<>(Set.of(""));
        try (ZipFile file = new ZipFile(jar.path().toFile())) {
            file.stream().map(ZipEntry::getName).forEach(name -> {
                int slash = name.lastIndexOf('/');
                while (slash > 0 && found.add(name.substring(0, slash))) {
                    slash = name.lastIndexOf('/', slash - 1);
                }
            });
        } catch (IOException | RuntimeException unreadable) {
            return Set.of();
        }
        return found;
    }
}
