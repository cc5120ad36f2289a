// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.event.OsUsageEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Turns events of a recording into facts: ours, and those of the JDK that say where threads spend their time.
 *
 * <p>What a recording may lack (fields, threads, stacks) is left open in the fact; what cannot be understood is counted
 * and comes out as {@link Fact.Gap} from {@link #gaps}. One thread reads; another one may ask for {@link #settled} facts.
 */
final class EventReader {
    /** Sorts of trouble that are told apart; the rest is summed in one. */
    private static final int MOST_TROUBLES = 32;

    private static final String OTHER_TROUBLE = "other events could not be understood";

    static final String PARK = "jdk.ThreadPark";
    static final String DUMP = "jdk.ThreadDump";

    /** What the JDK tells of waits, less than our own events do: of use only where those are missing. */
    static final Set<String> INSTEAD_OF_OURS = Set.of(PARK, DUMP);

    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final Map<String, Long> troubles = new LinkedHashMap<>();
    private final JdkActivities activities;
    private final JdkMachine machine;
    private final ThreadDumps dumps;
    private final Interner interner = new Interner();
    private final Deque<Fact> further = new ArrayDeque<>();
    private boolean foreign = true;

    /** Reads one type of event; null if there is nothing to tell. */
    interface Reading {
        @Nullable
        Fact read(EventFields event);
    }

    /** @param cpus processors that the target may use; 0 if only its events can tell */
    EventReader(int cpus) {
        activities = new JdkActivities();
        machine = new JdkMachine(this, cpus);
        dumps = new ThreadDumps(interner);
        readings.putAll(new LockjamEvents(interner, this).readings());
        readings.putAll(new JdkWaits().readings());
        readings.putAll(activities.readings());
        readings.putAll(machine.readings());
        readings.put(DUMP, event -> {
            further.addAll(dumps.read(event));
            return further.poll();
        });
        readings.computeIfPresent(OsUsageEvent.NAME, (name, reading) -> event -> {
            machine.usageSeen(event.number("throttled", -1) >= 0);
            return reading.read(event);
        });
    }

    /** The events to subscribe to. */
    Set<String> eventNames() {
        return readings.keySet();
    }

    /** The events to read of a chunk with these types: some of JFR's own count only where our hooks did not, in one without a type of ours. */
    Set<String> wanted(Collection<String> types) {
        foreign = types.stream().noneMatch(type -> type.startsWith("lockjam."));
        Set<String> wanted = new HashSet<>(types);
        wanted.retainAll(readings.keySet());
        if (!foreign) {
            wanted.removeAll(INSTEAD_OF_OURS);
        }
        return wanted;
    }

    /** One object per distinct thread, frame and stack of all that is read. */
    Interner interner() {
        return interner;
    }

    /** Null if the event tells nothing, or could not be understood, which is counted. */
    @Nullable
    Fact read(RecordedEvent event) {
        return read(event.getEventType().getName(), new RecordedFields(event, interner));
    }

    /** @param name of the event's type */
    @Nullable
    Fact read(String name, EventFields event) {
        Reading reading = readings.get(name);
        if (reading == null || (!foreign && INSTEAD_OF_OURS.contains(name))) {
            return null;
        }
        try {
            return reading.read(event);
        } catch (RuntimeException damaged) {
            trouble("events of type " + name + " could not be understood");
            return null;
        }
    }

    /** More of what the event read last tells; null if that was all. */
    @Nullable
    Fact further() {
        return further.poll();
    }

    /** The fact of a file in the light of what was read after it; null if it cannot be told. To be called once for each. */
    @Nullable
    Fact settled(Fact fact) {
        return machine.settled(activities.settled(fact));
    }

    /** What could not be understood since the last call. */
    synchronized List<Fact.Gap> gaps(Instant at) {
        List<Fact.Gap> gaps = new ArrayList<>();
        troubles.forEach((reason, count) -> gaps.add(new Fact.Gap(at, Duration.ZERO, reason, count)));
        troubles.clear();
        return gaps;
    }

    synchronized void trouble(String reason) {
        boolean room = troubles.containsKey(reason) || troubles.size() < MOST_TROUBLES;
        troubles.merge(room ? reason : OTHER_TROUBLE, 1L, Long::sum);
    }

    /** Null if this version does not know the kind, which is counted. */
    @Nullable
    WaitKind kind(String id) {
        WaitKind kind = WaitKind.of(id).orElse(null);
        if (kind == null) {
            String shown = id.substring(0, Math.min(id.length(), 40));
            trouble("waits of a kind that this version does not know: '" + shown + "'");
        }
        return kind;
    }
}
