// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event on its way out: the name of its type and its fields by name, whichever way it leaves. */
final class Row {
    private final String event;
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    Row(String event) {
        this.event = event;
    }

    /** Sets a field: a String, Thread, Class, Boolean, Integer, Long or Double, of exactly the field's type. */
    Row put(String field, @Nullable Object value) {
        fields.put(field, value);
        return this;
    }

    String event() {
        return event;
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }
}
