// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.PoolTotalsEvent;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrSinkTest {
    private static final String NAME = "acme-order-worker-thread-#";
    private static final String HISTOGRAM = "40:17 41:9 52:1 60:3";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    /** Another process that follows the recording now and then reads a text of JFR's pool as null. */
    @Test
    void keepsTextsOutOfThePool() throws Exception {
        Path file = folder.resolve("totals.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PoolTotalsEvent.NAME);
            recording.enable(LockTotalsEvent.NAME);
            recording.start();
            JfrSink.SINK.pool(pool());
            JfrSink.SINK.lock(new LockRow("lock", Object.class, 1, 30, 1, 1, HISTOGRAM, 0, 0, 0, 0, 1));
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).hasSize(2);
        for (RecordedEvent event : events) {
            boolean pool = event.getEventType().getName().equals(PoolTotalsEvent.NAME);
            kept(event, pool ? "serviceHistogram" : "histogram", HISTOGRAM);
            if (pool) {
                kept(event, "poolName", NAME);
                assertThat(event.getString("holder")).isNull();
            }
        }
    }

    private static void kept(RecordedEvent event, String field, String text) {
        assertThat(event.getString(field)).isNotEqualTo(text).startsWith(text).isEqualToIgnoringWhitespace(text);
    }

    private static PoolRow pool() {
        return new PoolRow(
                "ThreadPool",
                1,
                NAME,
                "threads",
                1,
                1,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "",
                HISTOGRAM,
                0,
                0,
                0,
                0,
                0,
                null,
                0,
                null,
                1);
    }
}
