// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.PoolTotalsEvent;
import io.lockjam.event.QueueTotalsEvent;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
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

    /** What is in a row and not in its event would be known only where there is no JFR. */
    @Test
    void leavesNothingOfARowOut() throws Exception {
        Path file = folder.resolve("rows.jfr");
        PoolRow pool = filled(PoolRow.class);
        QueueRow queue = filled(QueueRow.class);
        LockRow lock = filled(LockRow.class);
        try (Recording recording = new Recording()) {
            recording.enable(PoolTotalsEvent.NAME);
            recording.enable(QueueTotalsEvent.NAME);
            recording.enable(LockTotalsEvent.NAME);
            recording.start();
            JfrSink.SINK.pool(pool);
            JfrSink.SINK.queue(queue);
            JfrSink.SINK.lock(lock);
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).hasSize(3);
        for (RecordedEvent event : events) {
            String type = event.getEventType().getName();
            Record row = type.equals(PoolTotalsEvent.NAME) ? pool : type.equals(LockTotalsEvent.NAME) ? lock : queue;
            for (RecordComponent component : row.getClass().getRecordComponents()) {
                Object told = component.getAccessor().invoke(row);
                Object kept = event.getValue(component.getName());
                assertThat(text(kept)).as(component.getName()).isEqualTo(text(told));
            }
        }
    }

    private static String text(Object value) {
        if (value instanceof RecordedClass type) {
            return type.getName();
        }
        return value instanceof Class<?> type
                ? type.getName()
                : value.toString().strip();
    }

    /** A row in which no two numbers or texts are the same. */
    private static <T extends Record> T filled(Class<T> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < values.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(types[i], i + 1);
        }
        return type.getDeclaredConstructor(types).newInstance(values);
    }

    private static Object value(Class<?> type, int number) {
        if (type == int.class) {
            return number;
        }
        if (type == long.class) {
            return (long) number;
        }
        if (type == double.class) {
            return (double) number;
        }
        return type == String.class ? "text " + number : Object.class;
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
                0,
                0,
                null,
                0,
                null,
                1);
    }
}
