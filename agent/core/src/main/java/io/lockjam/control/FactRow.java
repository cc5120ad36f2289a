// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event in a form that needs no JFR: the fields of the class in {@code io.lockjam.event} whose NAME this is.
 *
 * <p>Values: Boolean, Integer, Long, Double, String, {@link ThreadRow} for Thread fields; a Class field is the class's
 * name as a String. A null or missing field is null or zero.
 *
 * @param event name of the event type, such as lockjam.LockTotals
 * @param epochNanos when it was committed, in nanoseconds since 1970 UTC
 */
public record FactRow(String event, long epochNanos, Map<String, @Nullable Object> fields) {
    private static final int NULL = 0;
    private static final int BOOLEAN = 1;
    private static final int INTEGER = 2;
    private static final int LONG = 3;
    private static final int DOUBLE = 4;
    private static final int TEXT = 5;
    private static final int THREAD = 6;

    public void write(PayloadWriter out) {
        out.text(event).number(epochNanos).integer(fields.size());
        fields.forEach((name, value) -> write(out.text(name), value));
    }

    public static FactRow read(PayloadReader in) throws ProtocolException {
        String event = in.text();
        long at = in.number();
        int count = in.count(5);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            fields.put(in.text(), value(in));
        }
        return new FactRow(event, at, fields);
    }

    private static void write(PayloadWriter out, @Nullable Object value) {
        if (value == null) {
            out.tag(NULL);
        } else if (value instanceof Boolean flag) {
            out.tag(BOOLEAN).flag(flag);
        } else if (value instanceof Integer integer) {
            out.tag(INTEGER).integer(integer);
        } else if (value instanceof Long number) {
            out.tag(LONG).number(number);
        } else if (value instanceof Double real) {
            out.tag(DOUBLE).real(real);
        } else if (value instanceof String text) {
            out.tag(TEXT).text(text);
        } else if (value instanceof ThreadRow thread) {
            out.tag(THREAD).number(thread.id()).text(thread.name()).flag(thread.virtual());
        } else {
            throw new IllegalArgumentException(
                    "a field cannot hold a " + value.getClass().getName());
        }
    }

    private static @Nullable Object value(PayloadReader in) throws ProtocolException {
        int tag = in.tag();
        return switch (tag) {
            case NULL -> null;
            case BOOLEAN -> in.flag();
            case INTEGER -> in.integer();
            case LONG -> in.number();
            case DOUBLE -> in.real();
            case TEXT -> in.text();
            case THREAD -> new ThreadRow(in.number(), in.text(), in.flag());
            default -> throw new ProtocolException("no value has the tag " + tag);
        };
    }
}
