// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadAccessTest {
    /** As one of an application that would throw, or wait for a lock of its own. */
    private static final class Touchy extends Thread {
        private final CountDownLatch runs = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void run() {
            runs.countDown();
            try {
                end.await();
            } catch (InterruptedException early) {
                interrupt();
            }
        }

        @Override
        public int hashCode() {
            throw new AssertionError("code of the application");
        }

        @Override
        public boolean equals(Object other) {
            throw new AssertionError("code of the application");
        }

        @Override
        public long getId() {
            throw new AssertionError("code of the application");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new AssertionError("code of the application");
        }
    }

    @Test
    void findsTheMethodsThatRunWithoutAskingTheThreads() throws Exception {
        Touchy thread = new Touchy();
        thread.start();
        thread.runs.await();
        try {
            Set<String> running =
                    new ThreadAccess().running(Set.of(Touchy.class.getName().replace('.', '/')));

            assertThat(running)
                    .singleElement()
                    .satisfies(each -> assertThat(each).endsWith(" " + Touchy.class.getName() + ".run"));
        } finally {
            thread.end.countDown();
            thread.join();
        }
    }
}
