// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.ThreadRef;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupNamesTest {
    @Test
    void keepsTheNumbersThatAllThreadsShare() {
        assertThat(of(
                        "http-nio-#.#.#.#-#-exec-#",
                        "http-nio-127.0.0.1-8080-exec-1",
                        "http-nio-127.0.0.1-8080-exec-2",
                        "http-nio-127.0.0.1-8080-exec-10"))
                .isEqualTo("http-nio-127.0.0.1-8080-exec-#");
        assertThat(of("pool-#-thread-#", "pool-1-thread-1", "pool-1-thread-2", "pool-2-thread-1"))
                .isEqualTo("pool-#-thread-#");
    }

    @Test
    void takesTheNumberAtTheEndForTheOneThatVaries() {
        assertThat(of("HikariPool-# housekeeper", "HikariPool-1 housekeeper")).isEqualTo("HikariPool-1 housekeeper");
        assertThat(of("http-nio-#-exec-#", "http-nio-8080-exec-1")).isEqualTo("http-nio-8080-exec-#");
    }

    @Test
    void isTheGroupItselfIfNoThreadIsKnown() {
        assertThat(of("worker-#")).isEqualTo("worker-#");
        assertThat(of("ForkJoinPool 9001")).isEqualTo("ForkJoinPool 9001");
    }

    private static String of(String group, String... threads) {
        return new GroupNames(Stream.of(threads)
                        .map(name -> new ThreadRef(1, name, false, -1))
                        .toList())
                .of(group);
    }
}
