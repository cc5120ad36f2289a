// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.LockRef;
import java.time.Duration;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/** Fields of an event that may be missing, null or of another type: a recording of another version, or a damaged one. */
final class Fields {
    private Fields() {}

    static long number(RecordedEvent event, String field, long otherwise) {
        return value(event, field) instanceof Number number ? number.longValue() : otherwise;
    }

    static int integer(RecordedEvent event, String field, int otherwise) {
        long value = number(event, field, otherwise);
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    static double real(RecordedEvent event, String field, double otherwise) {
        double value = value(event, field) instanceof Number number ? number.doubleValue() : otherwise;
        return Double.isFinite(value) ? value : otherwise;
    }

    static boolean truth(RecordedEvent event, String field, boolean otherwise) {
        return value(event, field) instanceof Boolean truth ? truth : otherwise;
    }

    /** Blanks at the end are the agent's way past JFR's pool of texts. */
    static @Nullable String optionalText(RecordedEvent event, String field) {
        return value(event, field) instanceof String text ? text.stripTrailing() : null;
    }

    static String text(RecordedEvent event, String field) {
        String text = optionalText(event, field);
        return text == null ? "" : text;
    }

    /** A time span that the event keeps in nanoseconds, as all of ours do; never negative. */
    static Duration nanos(RecordedEvent event, String field) {
        return Duration.ofNanos(Math.max(0, number(event, field, 0)));
    }

    /** A time span in whatever unit the event keeps it; never negative. */
    static Duration span(RecordedEvent event, String field) {
        return event.hasField(field) ? positive(event.getDuration(field)) : Duration.ZERO;
    }

    /** From the event's start to its end; never negative. */
    static Duration took(RecordedEvent event) {
        return positive(event.getDuration());
    }

    static @Nullable RecordedClass type(RecordedEvent event, String field) {
        return value(event, field) instanceof RecordedClass type ? type : null;
    }

    static @Nullable RecordedThread thread(RecordedEvent event, String field) {
        return value(event, field) instanceof RecordedThread thread ? thread : null;
    }

    /** The class name with dots; null if the field is missing or null. */
    static @Nullable String className(RecordedEvent event, String field) {
        RecordedClass type = type(event, field);
        return type == null ? null : ClassNames.known(type.getName());
    }

    static String identity(RecordedEvent event, String field) {
        return Long.toHexString(number(event, field, 0));
    }

    /** A lock of our own events, with the class in a Class field. */
    static LockRef lock(RecordedEvent event, String classField, String idField) {
        String className = className(event, classField);
        return new LockRef(ClassNames.lock(className == null ? "" : className), identity(event, idField));
    }

    /** A lock of our own events, with the class in a String field. */
    static LockRef namedLock(RecordedEvent event, String classNameField, String idField) {
        return new LockRef(ClassNames.lock(text(event, classNameField)), identity(event, idField));
    }

    private static @Nullable Object value(RecordedEvent event, String field) {
        try {
            return event.getValue(field);
        } catch (
                IllegalArgumentException
                        missing) { // rare; to ask first would mean to look twice for each that is there
            return null;
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
