// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JvmNamesTest {
    @Test
    void findsTheMainClassInTheLaunchersArguments() {
        assertThat(CommandLine.mainOf(List.of("java", "-Xmx1g", "-cp", "a:b", "com.acme.Main", "x")))
                .isEqualTo("com.acme.Main");
        assertThat(CommandLine.mainOf(List.of("java", "-jar", "shop.jar", "x"))).isEqualTo("shop.jar");
        assertThat(CommandLine.mainOf(List.of("java", "-m", "acme/com.acme.Main")))
                .isEqualTo("com.acme.Main");
        assertThat(CommandLine.mainOf(List.of("java", "--module=acme/com.acme.Main", "x")))
                .isEqualTo("com.acme.Main");
        assertThat(CommandLine.mainOf(List.of("java"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"17.0.15+6, 17", "25.0.3, 25", "1.8.0_402, 8", "21, 21", "'', 0", "unknown, 0"})
    void readsTheFeatureNumber(String version, int feature) {
        assertThat(JdkVersion.feature(version)).isEqualTo(feature);
    }

    @Test
    void answersToItsMainClassAndItsJar() {
        assertThat(jvm("com.acme.Main").answersTo("com.acme.Main")).isTrue();
        assertThat(jvm("com.acme.Main").answersTo("Main")).isTrue();
        assertThat(jvm("com.acme.Main").answersTo("acme.Main")).isFalse();
        assertThat(jvm("/opt/shop.jar").answersTo("shop.jar")).isTrue();
        assertThat(jvm("/opt/shop.jar").answersTo("shop")).isTrue();
        assertThat(jvm("src/Shop.java").answersTo("Shop")).isTrue();
        assertThat(jvm("src/Shop.java").answersTo("java")).isFalse();
        assertThat(jvm("").answersTo("")).isFalse();
    }

    private static Jvm jvm(String main) {
        return new Jvm(1, main, "17", "root", 0, Duration.ZERO, false, null);
    }
}
