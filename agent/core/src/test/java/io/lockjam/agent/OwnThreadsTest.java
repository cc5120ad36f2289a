// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnThreadsTest {
    private final Faults faults = new Faults();
    private final OwnThreads threads = new OwnThreads(faults);

    @Test
    void whatTheyThrowGoesToNoHandlerOfTheApplication() throws InterruptedException {
        AtomicReference<@Nullable Throwable> handled = new AtomicReference<>();
        Thread thread = threads.create("Test", () -> {
            throw new IllegalStateException("on purpose");
        });
        thread.setUncaughtExceptionHandler((of, fault) -> handled.set(fault));
        thread.start();
        thread.join();

        assertThat(handled).hasNullValue();
        assertThat(faults.last()).contains("Test").contains("on purpose");
        assertThat(threads.all()).isEmpty();
    }

    @Test
    void eachStayHasTheSameGroup() {
        Thread first = threads.create("First", () -> {});
        Thread second = new OwnThreads(faults).create("Second", () -> {});

        assertThat(first.getThreadGroup()).isSameAs(second.getThreadGroup());
    }

    @Test
    void anInterruptEndsOneRestAndNotAllThatFollow() {
        Thread.currentThread().interrupt();
        OwnThreads.rest(1);

        assertThat(Thread.interrupted()).isFalse();
    }
}
