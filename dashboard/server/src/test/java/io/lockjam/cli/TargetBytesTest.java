// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.name.ClassPathBytes;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetBytesTest {
    private static final byte[] FILE = {1};

    private final List<String> asked = new ArrayList<>();
    private @Nullable IOException trouble;
    private long now;

    private final TargetBytes.Agent agent = new TargetBytes.Agent() {
        @Override
        public String origin(String className) throws IOException {
            answer("origin");
            return "";
        }

        @Override
        public byte[] classFile(String className) throws IOException {
            answer("file");
            return FILE;
        }
    };

    private final TargetBytes classes =
            new TargetBytes(agent, new ClassPathBytes(List.of(), null), (name, place) -> {}, () -> now);

    private void answer(String question) throws IOException {
        asked.add(question);
        if (trouble != null) {
            throw trouble;
        }
    }

    @AfterEach
    void close() {
        classes.close();
    }

    @Test
    void aBusyAgentIsLeftAloneForAWhileAndThenAskedOnceMore() {
        trouble = new IOException("no answer to ORIGIN within 5000 ms");
        assertThat(classes.of("com.acme.Shop")).isNull();
        assertThat(classes.of("com.acme.Cart")).isNull();
        assertThat(asked).containsExactly("origin");
        assertThat(classes.asksAnew()).isFalse();

        trouble = null;
        now += TimeUnit.SECONDS.toNanos(6);
        assertThat(classes.asksAnew()).isTrue();
        assertThat(classes.asksAnew()).as("once").isFalse();
        assertThat(classes.of("com.acme.Shop")).isEqualTo(FILE);
    }

    @Test
    void whatHasNoPlaceIsAskedForItOnlyOnce() {
        assertThat(classes.of("com.acme.Made")).isEqualTo(FILE);
        assertThat(classes.of("com.acme.Made")).isEqualTo(FILE);

        assertThat(asked).containsExactly("origin", "file", "file");
        assertThat(classes.asksAnew()).isFalse();
    }

    @Test
    void anAgentThatHasGoneIsNotWaitedFor() {
        trouble = new EOFException("the connection has ended");
        assertThat(classes.of("com.acme.Shop")).isNull();
        now += TimeUnit.SECONDS.toNanos(6);

        assertThat(classes.asksAnew()).isFalse();
    }
}
