// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.JfrSink;
import io.lockjam.boot.Sink;
import io.lockjam.event.AgentStatusEvent;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.NameEvent;
import io.lockjam.event.OsUsageEvent;
import io.lockjam.event.RaceEvent;
import io.lockjam.event.StoppedEvent;
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
                    field.set(event, unpooled(each.getValue()));
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

    private static Object unpooled(Object value) {
        return value instanceof String text ? Hooks.unpooled(text) : value;
    }

    /** Null if the agent sends no event of this name. */
    private static @Nullable Event event(String name) {
        return switch (name) {
            case AgentStatusEvent.NAME -> new AgentStatusEvent();
            case LockTotalsEvent.NAME -> new LockTotalsEvent();
            case NameEvent.NAME -> new NameEvent();
            case OsUsageEvent.NAME -> new OsUsageEvent();
            case RaceEvent.NAME -> new RaceEvent();
            case StoppedEvent.NAME -> new StoppedEvent();
            case ThreadStackEvent.NAME -> new ThreadStackEvent();
            case ThreadStatesEvent.NAME -> new ThreadStatesEvent();
            case WaitNowEvent.NAME -> new WaitNowEvent();
            default -> null;
        };
    }

    private static Map<String, Field> fieldsOf(Class<?> type) {
        Map<String, Field> fields = new HashMap<>();
        for (Field field : type.getFields()) {
            fields.put(field.getName(), field);
        }
        return fields;
    }
}
