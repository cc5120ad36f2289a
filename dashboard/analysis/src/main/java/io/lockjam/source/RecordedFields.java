// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/** An event as the JDK's parser hands it out. */
record RecordedFields(RecordedEvent event, Interner interner) implements EventFields {
    @Override
    public long typeId() {
        return event.getEventType().getId();
    }

    @Override
    public Instant end() {
        return event.getEndTime();
    }

    @Override
    public Duration took() {
        return positive(event.getDuration());
    }

    @Override
    public long number(String field, long otherwise) {
        return value(field) instanceof Number number ? number.longValue() : otherwise;
    }

    @Override
    public double real(String field, double otherwise) {
        double value = value(field) instanceof Number number ? number.doubleValue() : otherwise;
        return Double.isFinite(value) ? value : otherwise;
    }

    @Override
    public boolean truth(String field, boolean otherwise) {
        return value(field) instanceof Boolean truth ? truth : otherwise;
    }

    @Override
    public @Nullable String optionalText(String field) {
        return value(field) instanceof String text ? text.stripTrailing() : null;
    }

    @Override
    public Duration span(String field) {
        return event.hasField(field) ? positive(event.getDuration(field)) : Duration.ZERO;
    }

    @Override
    public String className(String field) {
        return interner.className(value(field) instanceof RecordedClass type ? type : null);
    }

    @Override
    public @Nullable ThreadRef thread(String field) {
        return interner.optionalThread(value(field) instanceof RecordedThread thread ? thread : null);
    }

    @Override
    public Stack stack() {
        return interner.stack(value("stackTrace") instanceof RecordedStackTrace stack ? stack : null);
    }

    @Override
    public boolean inProbe() {
        return value("stackTrace") instanceof RecordedStackTrace stack && Interner.isInProbe(stack);
    }

    private @Nullable Object value(String field) {
        try {
            return event.getValue(field);
        } catch (IllegalArgumentException missing) {
            return null; // rare; to ask first would mean to look twice for each that is there
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
