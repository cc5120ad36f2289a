// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TakenTaskTest {
    /** Loops at queues; only read, never run. */
    @SuppressWarnings("unused")
    static final class Loops {
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        void runs() throws InterruptedException {
            while (true) {
                Runnable task = tasks.take();
                task.run();
            }
        }

        void runsAnother(Runnable after) throws InterruptedException {
            while (!lines.take().isEmpty()) {
                after.run();
            }
        }

        void works() throws InterruptedException {
            while (true) {
                System.out.println(lines.take());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"runs, true", "runsAnother, false", "works, false", "gone, false"})
    void onlyWhoRunsWhatItTakesIsALoop(String method, boolean loop) {
        Frame take = new Frame("java.util.concurrent.LinkedBlockingQueue", "take", null, "T.java", 1, -1);
        Frame own = new Frame(Loops.class.getName(), method, null, "TakenTaskTest.java", 1, -1);

        assertThat(new TakenTask(LookLoopTest::bytes).isRun(new Stack(List.of(take, own))))
                .isEqualTo(loop);
    }
}
