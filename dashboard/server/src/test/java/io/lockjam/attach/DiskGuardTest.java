// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DiskGuardTest {
    private static final DiskGuard.Limits LIMITS = new DiskGuard.Limits(256, 128);

    private final Deque<Long> free = new ArrayDeque<>();
    private final DiskGuard guard = new DiskGuard(free::removeFirst, LIMITS, bytes -> {});

    @Test
    void isQuietWhileThereIsRoom() {
        free.addAll(List.of(1_000L, 999L, 998L));

        assertThat(guard.tooLittle(0)).isFalse();
        assertThat(guard.tooLittle(200)).isFalse();
        assertThat(guard.tooLittle(200)).isFalse();
    }

    @Test
    void callsBelowTheLimit() {
        free.addAll(List.of(129L, 127L));

        assertThat(guard.tooLittle(0)).isFalse();
        assertThat(guard.tooLittle(10_000)).isTrue();
    }

    @Test
    void callsEarlyWhenSpaceVanishesFast() {
        free.addAll(List.of(1_000L, 800L));

        assertThat(guard.tooLittle(0)).isFalse();
        assertThat(guard.tooLittle(200))
                .as("200 in 200 ms would be 2,000 in two seconds")
                .isTrue();
    }

    @Test
    void callsOnceFromItsOwnThread() throws Exception {
        CompletableFuture<Long> called = new CompletableFuture<>();
        try (DiskGuard watching = new DiskGuard(() -> 5, LIMITS, called::complete)) {
            watching.start();

            assertThat(called.get(30, TimeUnit.SECONDS)).isEqualTo(5);
        }
    }
}
