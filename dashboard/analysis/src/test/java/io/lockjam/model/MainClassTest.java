// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainClassTest {
    @ParameterizedTest
    @CsvSource({
        "com.acme.Main --port 80, com.acme.Main",
        "/opt/my app/shop.jar --port 80, /opt/my app/shop.jar",
        "shop.jar serve, shop.jar",
        "com.acme/com.acme.Main x, com.acme.Main",
        "S 20, S",
        "jdk.compiler/com.sun.tools.javac.launcher.Main src/Shop.java 80, src/Shop.java",
        "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Shop.java, Shop.java"
    })
    void findsTheMainClassOrJarInTheJvmsOwnWords(String command, String main) {
        assertThat(MainClass.of(command)).isEqualTo(main);
    }
}
