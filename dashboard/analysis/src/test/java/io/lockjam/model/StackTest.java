// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of its frames a stack is known by. */
class StackTest {
    private static final Frame ACQUIRE =
            frame("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "await");
    private static final Frame BLOCK = frame("java.util.concurrent.ForkJoinPool", "managedBlock");
    private static final Frame TAKE = frame("java.util.concurrent.LinkedBlockingQueue", "take");
    private static final Frame LAMBDA = frame("com.acme.Shop$$Lambda", "run");
    private static final Frame SERVE = frame("com.acme.Shop", "serve");

    @Test
    void theSiteIsTheLineOfTheApplication() {
        assertThat(new Stack(List.of(ACQUIRE, TAKE, LAMBDA, SERVE)).site()).contains(SERVE);
    }

    @Test
    void withoutAnApplicationItIsWhatWasCalledThere() {
        assertThat(new Stack(List.of(BLOCK, ACQUIRE, TAKE)).site()).contains(TAKE);
    }

    @Test
    void classesThatTheJdkSpinsAreNotShown() {
        assertThat(new Stack(List.of(TAKE, LAMBDA, SERVE)).shown()).containsExactly(TAKE, SERVE);
    }

    @Test
    void librariesThatCameFromSunAreNotTheJdks() {
        assertThat(frame("com.sun.xml.bind.v2.ContextFactory", "createContext").isJdk())
                .isFalse();
        assertThat(frame("com.sun.jna.Native", "load").isJdk()).isFalse();
        assertThat(frame("com.sun.net.httpserver.HttpServer", "create").isJdk()).isTrue();
    }

    private static Frame frame(String type, String method) {
        return new Frame(type, method, null, null, 1, 1);
    }
}
