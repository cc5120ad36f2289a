// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The locks and queues known, with their names, and the rule for when two identities are one row.
 *
 * <p>A java.util.concurrent lock has one identity for life, the identity hash of its synchroniser, so kind, class and identity make the
 * row. A monitor has none that lasts: JFR gives the address of the monitor structure, which the JVM frees when the monitor is idle
 * and may hand to another object, and snapshots give an identity hash. Two addresses can thus be one object, and one address two
 * objects. What holds still is the place in the code, so monitors are one row for each class and name. Whether a row is more than one
 * object can be proved only for monitors waited for at the same moment, which cannot have been freed in between; {@link
 * LockWindow#objects()} is that number. Signals (latches, futures, joins) live for one use, so they go by name as well.
 */
final class LockTable {
    /** Sites asked for a name before a lock is left without one. */
    private static final int NAME_TRIES = 4;

    private static final int MAX_NAMED_SITES = 50_000;
    private static final int NAMED_DEPTH = 12;

    /** One kind of wait on one identity. */
    static final class Entry {
        final WaitKind kind;
        final LockRef lock;

        @Nullable
        String name;

        @Nullable
        Frame site;

        long lastSecond;
        private int tries;

        Entry(WaitKind kind, LockRef lock) {
            this.kind = kind;
            this.lock = lock;
        }
    }

    private record Key(WaitKind kind, LockRef lock) {}

    final LockNaming naming;
    private final int limit;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> namedSites = new HashMap<>();
    private final Map<String, Set<String>> monitorNames = new HashMap<>();

    LockTable(LockNaming naming, int limit) {
        this.naming = naming;
        this.limit = limit;
    }

    /** Identities beyond the limit share one entry for each kind and class. */
    Entry entry(WaitKind kind, LockRef lock, long second) {
        Key key = new Key(kind, lock);
        Entry entry = entries.get(key);
        if (entry == null) {
            if (entries.size() >= limit && !lock.identity().equals(LockRef.UNKNOWN_IDENTITY)) {
                return entry(kind, new LockRef(lock.className(), LockRef.UNKNOWN_IDENTITY), second);
            }
            entry = new Entry(kind, lock);
            entries.put(key, entry);
        }
        entry.lastSecond = Math.max(entry.lastSecond, second);
        return entry;
    }

    @Nullable
    Entry peek(WaitKind kind, LockRef lock) {
        return entries.get(new Key(kind, lock));
    }

    void named(Fact.Named named) {
        if (namedSites.size() < MAX_NAMED_SITES) {
            namedSites.put(named.site(), named.name());
        }
    }

    /** Asks for the lock's name at a wait site, unless it is known. */
    void learn(Entry entry, Stack stack) {
        if (entry.name != null || entry.tries >= NAME_TRIES || stack.isEmpty()) {
            return;
        }
        entry.tries++;
        if (entry.site == null) {
            entry.site = stack.site().orElse(null);
        }
        String name = fromRecording(stack);
        entry.name =
                name != null ? name : naming.name(entry.kind, entry.lock, stack).orElse(null);
        if (entry.name != null && isMonitor(entry.kind)) {
            monitorNames
                    .computeIfAbsent(entry.lock.className(), type -> new HashSet<>())
                    .add(entry.name);
        }
    }

    private @Nullable String fromRecording(Stack stack) {
        if (namedSites.isEmpty()) {
            return null;
        }
        for (Frame frame :
                stack.frames().subList(0, Math.min(NAMED_DEPTH, stack.frames().size()))) {
            String site = frame.className() + "." + frame.method() + frame.descriptor() + "@" + frame.bytecodeIndex();
            String name = namedSites.get(site);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    Optional<String> name(Fact.RaceSeen race) {
        Set<String> first = names(race.first().site(race.target()));
        Set<String> second = names(race.second().site(race.target()));
        Set<String> common = new TreeSet<>(first);
        common.retainAll(second);
        Set<String> told = !common.isEmpty() ? common : first.isEmpty() || second.size() == 1 ? second : first;
        return told.isEmpty() ? Optional.empty() : Optional.of(String.join(" or ", told));
    }

    @Nullable
    String namedSite(String site) {
        return namedSites.get(site);
    }

    private Set<String> names(String site) {
        String known = namedSites.get(site);
        return known == null ? Set.of() : new TreeSet<>(List.of(known.split(" or ")));
    }

    /** The name to show; never empty. */
    String name(Entry entry) {
        String known = known(entry);
        if (known != null) {
            return known;
        }
        Frame site = entry.site;
        return site == null ? entry.lock.className() : entry.lock.className() + " at " + site.display();
    }

    /** Its own name, or for a monitor the only one that its class is known by. */
    private @Nullable String known(Entry entry) {
        if (entry.name != null || !isMonitor(entry.kind)) {
            return entry.name;
        }
        Set<String> names = monitorNames.getOrDefault(entry.lock.className(), Set.of());
        return names.size() == 1 ? names.iterator().next() : null;
    }

    /** Two entries with the same row are shown as one. */
    String row(Entry entry) {
        String type = entry.kind.id() + "|" + entry.lock.className() + "|";
        if (byPlace(entry.kind)) {
            String known = known(entry);
            return type + (known == null ? "" : known);
        }
        return type + "#" + entry.lock.identity();
    }

    String id(Entry entry) {
        return entry.kind.id() + "-" + Long.toHexString((row(entry).hashCode() * 0x9E3779B97F4A7C15L) >>> 24);
    }

    static boolean byPlace(WaitKind kind) {
        return switch (kind) {
            case MONITOR, OBJECT_WAIT, CONDITION, LATCH, BARRIER, PHASER, EXCHANGER, FUTURE, JOIN, CLASS_INIT, PARK ->
                true;
            case LOCK, READ, WRITE, STAMPED, SEMAPHORE, QUEUE_PUT, QUEUE_TAKE -> false;
        };
    }

    static boolean isMonitor(WaitKind kind) {
        return kind == WaitKind.MONITOR || kind == WaitKind.OBJECT_WAIT;
    }

    void forgetBefore(long second) {
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            if (all.next().lastSecond < second) {
                all.remove();
            }
        }
    }

    int size() {
        return entries.size();
    }
}
