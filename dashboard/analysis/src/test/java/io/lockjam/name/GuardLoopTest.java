// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardLoopTest {
    private static final String TYPE = Mailroom.class.getName();

    /** Loops around waits; only read, never run. */
    @SuppressWarnings({"unused", "WaitNotInLoop"}) // only the code is of interest
    static final class Mailroom {
        private final List<String> letters = new ArrayList<>();
        private boolean open = true;
        private int rounds;

        synchronized void fetch() throws InterruptedException {
            while (letters.isEmpty()) {
                wait(1_000);
            }
        }

        synchronized void fetchBefore(long end) throws InterruptedException {
            while (letters.isEmpty() && System.currentTimeMillis() < end) {
                wait(Math.max(1, end - System.currentTimeMillis()));
            }
        }

        synchronized void sweep() throws InterruptedException {
            while (open) {
                letters.clear();
                wait(1_000);
            }
        }

        synchronized void count() throws InterruptedException {
            while (open) {
                rounds++;
                wait(1_000);
            }
        }

        synchronized void once() throws InterruptedException {
            wait(1_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"fetch, true", "fetchBefore, true", "sweep, false", "count, false", "once, false"})
    void onlyALoopThatLooksIsAGuard(String method, boolean guard) {
        Frame inner = new Frame("java.lang.Object", "wait", null, "Object.java", 1, -1);
        Frame frame = new Frame(TYPE, method, null, "GuardLoopTest.java", TestCode.line(TYPE, method, "wait"), -1);

        assertThat(new GuardLoop(LookLoopTest::bytes).isAround(new Stack(List.of(inner, frame))))
                .isEqualTo(guard);
    }
}
