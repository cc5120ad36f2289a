// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When an executor of one thread is an event loop, and when its thread is there to wait. */
class ExecutorLoopsTest {
    @Test
    void whatMostTasksOfAnExecutorDoIsWhatItsThreadIsFor() {
        assertThat(executor(20, 12, 400).kinds(0, 10)).isEmpty();
        assertThat(executor(12, 60, 60).kinds(0, 10)).isEmpty();
        assertThat(executor(2, 300, 0.4).kinds(0, 10)).containsExactly("event-loop-blocked");
        assertThat(executor(2, 12, 0.4).kinds(0, 10)).isEmpty();
    }

    /** A pool of one thread and 20 tasks a second, of which some make a call of so many milliseconds. */
    private static Story executor(int calls, double millis, double service) {
        Story story = new Story();
        Map<String, Number> figures = Map.of("size", 1, "busy", 0, "arrivals", 20, "serviceMillis", service);
        Histogram waits = Histogram.of(new long[] {1_000_000});
        Histogram runs = Histogram.of(new long[] {12_000_000});
        for (int second = 0; second < 10; second++) {
            story.states(second + 0.1, Map.of("worker-1", 'W'));
            story.tell(PoolFigures.of(figures).spread(waits, runs).at(second + 0.5));
            for (int i = 0; i < calls; i++) {
                double end = second + (i + 1.0) / calls;
                Stack stack = Story.stack("java.net.SocketInputStream.read", "com.acme.Journal.write");
                story.did(end, millis, "worker-1", Fact.ActivityKind.SOCKET_READ, stack);
            }
        }
        return story;
    }
}
