// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFilesTest {
    private static final String TEXT = "package com.acme;\n\nclass Cache {\n    int size;\n}\n";

    private final Path folder;

    SourceFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private SourceFiles beside(String origin) {
        return new SourceFiles(className -> folder.resolve(origin).toUri().toString(), null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "target/classes/, src/main/java",
        "build/classes/java/main/, src/main/java",
        "target/app.jar, src/main/java",
        "target/app.jar, core/src/main/java",
        "target/test-classes/, src/test/java"
    })
    void findsTheProjectThatAClassWasBuiltIn(String origin, String sources) throws IOException {
        Path file = folder.resolve(sources).resolve("com/acme/Cache.java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, TEXT);

        SourceFiles.Excerpt found =
                beside(origin).around("com.acme.Cache", "Cache.java", 3, 1).orElseThrow();

        assertThat(found.first()).isEqualTo(2);
        assertThat(found.lines()).isEqualTo(List.of("", "class Cache {", "    int size;"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "com/acme/Cache.java"})
    void findsASourceBesideItsClassAndOneThatWasRunItself(String origin) throws IOException {
        Path file = folder.resolve("com/acme/Cache.java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, TEXT);

        assertThat(beside(origin).around("com.acme.Cache", "Cache.java", 3, 0))
                .hasValueSatisfying(found -> assertThat(found.lines()).isEqualTo(List.of("class Cache {")));
    }

    @Test
    void findsTheJarOfSourcesBesideAJar() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("acme-1.0-sources.jar")))) {
            zip.putNextEntry(new ZipEntry("com/acme/Cache.java"));
            zip.write(TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        assertThat(beside("acme-1.0.jar").around("com.acme.Cache$Entry", "Cache.java", 4, 0))
                .hasValueSatisfying(found -> assertThat(found.lines()).isEqualTo(List.of("    int size;")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret.java", "secret.txt", "/etc/passwd", "a/b.java"})
    void readsNothingButSourcesByTheirName(String file) throws IOException {
        Files.createDirectories(folder.resolve("src/main/java/com/acme"));
        Files.writeString(folder.resolve("src/secret.java"), TEXT);
        Files.writeString(folder.resolve("src/main/java/com/acme/secret.txt"), TEXT);

        assertThat(beside("target/classes/").around("com.acme.Cache", file, 1, 1))
                .isEmpty();
        assertThat(beside("target/classes/").around("com...Cache", "secret.java", 1, 1))
                .isEmpty();
    }

    @Test
    void saysNothingOfALineThatTheFileDoesNotHave() throws IOException {
        Files.createDirectories(folder.resolve("src/main/java/com/acme"));
        Files.writeString(folder.resolve("src/main/java/com/acme/Cache.java"), TEXT);

        assertThat(beside("target/classes/").around("com.acme.Cache", "Cache.java", 99, 4))
                .isEmpty();
    }
}
