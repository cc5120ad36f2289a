// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.JfrSink;
import io.lockjam.boot.Sink;
import io.lockjam.event.AgentStatusEvent;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.NameEvent;
import io.lockjam.event.OsUsageEvent;
import io.lockjam.event.ThreadStackEvent;
import io.lockjam.event.ThreadStatesEvent;
import io.lockjam.event.WaitNowEvent;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/** Commits facts as JFR events. Loaded only where jdk.jfr is there. */
final class JfrFacts implements FactSink {
    private static final int SHORTEST_POOLED = 16;
    private static final int LONGEST_POOLED = 128;
    private static final String BLANKS = " ".repeat(LONGEST_POOLED + 1);

    private final Faults faults;
    private final Map<Class<?>, Map<String, Field>> fields = new HashMap<>();

    JfrFacts(Faults faults) {
        this.faults = faults;
    }

    @Override
    public synchronized void put(Row row) {
        Event event = event(row.event());
        if (event == null || !event.shouldCommit()) {
            return;
        }
        try {
            Map<String, Field> known = fields.computeIfAbsent(event.getClass(), JfrFacts::fieldsOf);
            for (Map.Entry<String, @Nullable Object> each : row.fields().entrySet()) {
                Field field = known.get(each.getKey());
                if (field != null && each.getValue() != null) {
                    field.set(event, each.getValue() instanceof String text ? unpooled(text) : each.getValue());
                }
            }
            event.commit();
        } catch (IllegalAccessException | IllegalArgumentException wrongType) {
            faults.caught("event " + row.event(), wrongType);
        }
    }

    @Override
    public Sink totals() {
        return JfrSink.SINK;
    }

    @Override
    public void flush() {
        // JFR flushes by itself, once a second
    }

    @Override
    public long takeDropped() {
        return 0;
    }

    /** Null if the agent sends no event of this name. */
    private static @Nullable Event event(String name) {
        return switch (name) {
            case AgentStatusEvent.NAME -> new AgentStatusEvent();
            case LockTotalsEvent.NAME -> new LockTotalsEvent();
            case NameEvent.NAME -> new NameEvent();
            case OsUsageEvent.NAME -> new OsUsageEvent();
            case ThreadStackEvent.NAME -> new ThreadStackEvent();
            case ThreadStatesEvent.NAME -> new ThreadStatesEvent();
            case WaitNowEvent.NAME -> new WaitNowEvent();
            default -> null;
        };
    }

    /**
     * JFR keeps strings of 16 to 128 characters that come again in a pool, and a stream that follows the recording from its start reads
     * them as null from the third event on (seen on 17.0.15). Blanks at the end make them too long for the pool; the reader cuts them off.
     */
    private static String unpooled(String text) {
        int length = text.length();
        return length < SHORTEST_POOLED || length > LONGEST_POOLED ? text : text + BLANKS.substring(length);
    }

    private static Map<String, Field> fieldsOf(Class<?> type) {
        Map<String, Field> fields = new HashMap<>();
        for (Field field : type.getFields()) {
            fields.put(field.getName(), field);
        }
        return fields;
    }
}
