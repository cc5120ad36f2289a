// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class files found in places that are told one by one, as a recording tells them. */
class ClassPathBytesTest {
    private static final Instant RECORDED = Instant.parse("2026-01-01T00:00:00Z");

    private final ClassPathBytes bytes = new ClassPathBytes(List.of(), null);

    /** A jar that was built a second before the recording; the bytes of each entry are its name. */
    private static Path jar(Path folder, String name, String... entries) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String each : entries) {
                out.putNextEntry(new ZipEntry(each));
                out.write(each.getBytes(StandardCharsets.UTF_8));
            }
        }
        return aged(file, RECORDED.minusSeconds(1));
    }

    private static Path aged(Path file, Instant at) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(at));
    }

    private void isFound(String className, String entry) {
        assertThat(bytes.of(className))
                .isNotNull()
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(entry);
    }

    @Test
    void allPlacesAreLookedThroughInTheirOrder(@TempDir Path folder) throws IOException {
        bytes.also(folder.resolve("gone.jar").toString());
        bytes.also(jar(folder, "a.jar", "com/acme/A.class", "Plain.class").toString());
        bytes.also("file:" + jar(folder, "b.jar", "com/acme/shop/B.class", "com/acme/A.class"));

        isFound("com.acme.A", "com/acme/A.class");
        isFound("com.acme.shop.B", "com/acme/shop/B.class");
        isFound("Plain", "Plain.class");
        assertThat(bytes.of("com.acme.C")).isNull();
        assertThat(bytes.of("com.other.A")).isNull();
    }

    @Test
    void anApplicationWithItsLibrariesInOneJarHasItsOwnClasses(@TempDir Path folder) throws IOException {
        bytes.also(jar(folder, "boot.jar", "org/loader/Launcher.class", "BOOT-INF/classes/com/acme/A.class")
                .toString());

        isFound("com.acme.A", "BOOT-INF/classes/com/acme/A.class");
        isFound("org.loader.Launcher", "org/loader/Launcher.class");
        assertThat(bytes.beside("com.acme.A", "com.acme.")).containsExactly("com.acme.A");
    }

    @Test
    void whatWasBuiltAnewSinceTellsNothing(@TempDir Path folder) throws IOException {
        Path jar = jar(folder, "a.jar", "com/acme/A.class");
        Path shop = Files.createDirectories(folder.resolve("com/acme/shop"));
        Path one = aged(Files.writeString(shop.resolve("B.class"), "B"), RECORDED.minusSeconds(9));
        Path other = aged(Files.writeString(shop.resolve("C.class"), "C"), RECORDED.minusSeconds(9));
        bytes.also(jar.toString());
        bytes.also(folder.toString());
        bytes.notAfter(RECORDED);
        isFound("com.acme.A", "com/acme/A.class");
        assertThat(bytes.beside("com.acme.shop.B", "com.acme.")).hasSize(2);

        aged(jar, RECORDED.plusSeconds(1));
        aged(other, RECORDED.plusSeconds(1));

        assertThat(bytes.of("com.acme.A")).isNull();
        assertThat(bytes.of("com.acme.shop.C")).isNull();
        assertThat(bytes.of("com.acme.shop.B")).isNotNull();
        assertThat(bytes.beside("com.acme.shop.B", "com.acme."))
                .as("one of them is not known: nothing is to be concluded from all")
                .isEmpty();
        assertThat(one).exists();
    }
}
