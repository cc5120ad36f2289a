// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The event at which {@link ChunkParser} stands; another one with each step. */
final class ParsedEvent implements EventFields {
    private static final Layout NONE = new Layout("", List.of(), Map.of());

    private final ChunkConstants constants;
    private final ChunkClock clock;
    private long type;
    private Layout layout = NONE;
    private long[] values = new long[32];

    ParsedEvent(ChunkConstants constants, ChunkClock clock) {
        this.constants = constants;
        this.clock = clock;
    }

    /** Reads the fields of an event of a type, from where {@code bytes} stands. */
    void read(long typeId, Layout fields, ChunkBytes bytes) {
        if (fields.size() > values.length) {
            values = new long[fields.size()];
        }
        type = typeId;
        layout = fields;
        layout.read(bytes, values);
    }

    @Override
    public long typeId() {
        return type;
    }

    @Override
    public Instant end() {
        return Times.instant(clock.nanos(value("startTime") + value("duration")));
    }

    @Override
    public Duration took() {
        long start = value("startTime");
        return Duration.ofNanos(Math.max(0, clock.nanos(start + value("duration")) - clock.nanos(start)));
    }

    @Override
    public long number(String field, long otherwise) {
        int index = layout.index(field);
        if (index < 0 || layout.field(index).list()) {
            return otherwise;
        }
        return switch (layout.field(index).form()) {
            case LONG, INT, SHORT, BYTE -> values[index];
            case FLOAT, DOUBLE -> (long) Double.longBitsToDouble(values[index]);
            case CHAR, BOOLEAN, TEXT, CONSTANT, PART -> otherwise;
        };
    }

    @Override
    public double real(String field, double otherwise) {
        int index = layout.index(field);
        if (index < 0 || layout.field(index).list()) {
            return otherwise;
        }
        double value = switch (layout.field(index).form()) {
            case LONG, INT, SHORT, BYTE -> values[index];
            case FLOAT, DOUBLE -> Double.longBitsToDouble(values[index]);
            case CHAR, BOOLEAN, TEXT, CONSTANT, PART -> otherwise;
        };
        return Double.isFinite(value) ? value : otherwise;
    }

    @Override
    public boolean truth(String field, boolean otherwise) {
        int index = layout.index(field);
        boolean known = index >= 0 && layout.field(index).form() == Layout.Form.BOOLEAN;
        return known ? values[index] != 0 : otherwise;
    }

    @Override
    public @Nullable String optionalText(String field) {
        int index = layout.index(field);
        String text = index < 0 ? null : constants.text(layout.field(index), values[index]);
        return text == null ? null : text.stripTrailing();
    }

    @Override
    public Duration span(String field) {
        int index = layout.index(field);
        if (index < 0) {
            return Duration.ZERO;
        }
        long value = Math.max(0, number(field, 0));
        return switch (layout.field(index).unit()) {
            case "TICKS" -> Duration.ofNanos(clock.span(value));
            case "MICROSECONDS" -> Duration.ofNanos(Math.multiplyExact(value, 1_000L));
            case "MILLISECONDS" -> Duration.ofMillis(value);
            case "SECONDS" -> Duration.ofSeconds(value);
            default -> Duration.ofNanos(value);
        };
    }

    @Override
    public String className(String field) {
        int index = constant(field);
        return index < 0 ? "" : constants.className(values[index]);
    }

    @Override
    public @Nullable ThreadRef thread(String field) {
        int index = constant(field);
        return index < 0 ? null : constants.thread(values[index]);
    }

    @Override
    public Stack stack() {
        int index = constant("stackTrace");
        return index < 0 ? Stack.EMPTY : constants.stack(values[index]);
    }

    @Override
    public boolean inProbe() {
        int index = constant("stackTrace");
        return index >= 0 && constants.isInProbe(values[index]);
    }

    private int constant(String field) {
        int index = layout.index(field);
        return index >= 0 && layout.field(index).form() == Layout.Form.CONSTANT ? index : -1;
    }

    private long value(String field) {
        int index = layout.index(field);
        return index < 0 ? 0 : values[index];
    }
}
