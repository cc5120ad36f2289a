// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WovenCacheTest {
    private static final byte[] ORIGINAL = {1, 2, 3};

    private final Counting weaver = new Counting();

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void weavesTheSameBytesOnce() {
        assertThat(cache(17).weave("a/B", ORIGINAL)).containsExactly(4, 5);
        assertThat(cache(17).weave("a/B", ORIGINAL)).containsExactly(4, 5);

        assertThat(weaver.calls).isEqualTo(1);
    }

    @Test
    void remembersThatAClassIsToBeLeftAlone() {
        weaver.result = null;

        assertThat(cache(17).weave("a/B", ORIGINAL)).isNull();
        assertThat(cache(17).weave("a/B", ORIGINAL)).isNull();
        assertThat(weaver.calls).isEqualTo(1);
    }

    @Test
    void weavesAnewForOtherBytesAnotherJdkOrAnotherWeaver() {
        cache(17).weave("a/B", ORIGINAL);
        cache(17).weave("a/B", new byte[] {9});
        cache(25).weave("a/B", ORIGINAL);
        weaver.version = "2";
        cache(17).weave("a/B", ORIGINAL);

        assertThat(weaver.calls).isEqualTo(4);
    }

    @Test
    void doesNotUseWhatWasTamperedWith() throws IOException {
        cache(17).weave("a/B", ORIGINAL);
        Path file = files().get(0);
        byte[] content = Files.readAllBytes(file);
        content[content.length - 1]++;
        Files.write(file, content);

        assertThat(cache(17).weave("a/B", ORIGINAL)).containsExactly(4, 5);
        assertThat(weaver.calls).isEqualTo(2);
    }

    @Test
    void doesNotUseAFolderThatOthersCanWriteTo() throws IOException {
        cache(17).weave("a/B", ORIGINAL);
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));

        cache(17).weave("a/B", ORIGINAL);

        assertThat(weaver.calls).isEqualTo(2);
    }

    @Test
    void forgetsWhatHasNotBeenUsedForAMonth() throws IOException {
        WovenCache cache = cache(17);
        cache.weave("a/B", ORIGINAL);

        cache.prune(Instant.now().plus(29, ChronoUnit.DAYS));
        assertThat(files()).hasSize(1);
        cache.prune(Instant.now().plus(31, ChronoUnit.DAYS));
        assertThat(files()).isEmpty();
    }

    private WovenCache cache(int feature) {
        return new WovenCache(weaver, feature, folder());
    }

    private Path folder() {
        return temporary.resolve("woven");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.toList();
        }
    }

    /** Counts how often it is asked. */
    private static final class Counting implements ClassWeaver {
        private int calls;
        private byte @Nullable [] result = {4, 5};
        private String version = "1";

        @Override
        public List<String> types() {
            return List.of("a/B");
        }

        @Override
        public byte @Nullable [] weave(String internalName, byte[] original) {
            calls++;
            return result;
        }

        @Override
        public String version() {
            return version;
        }
    }
}
