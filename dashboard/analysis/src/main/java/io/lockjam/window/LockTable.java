// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    /** Sites that one lock's name is asked for at. */
    private static final int SITES = 8;

    /** One kind of wait on one identity. */
    static final class Entry {
        final WaitKind kind;
        final LockRef lock;

        /** What readers were last given; they race to set it, all to the same. */
        private volatile @Nullable Shown shown;

        @Nullable
        String name;

        @Nullable
        Frame site;

        long lastSecond;
        /** Waiters' stacks with different sites, kept until one tells the name: a recording may say it later. */
        private List<Stack> unnamed = new ArrayList<>();

        private int learnt;

        /** Whether waits without identity came from more places than one. */
        private boolean scattered;

        Entry(WaitKind kind, LockRef lock) {
            this.kind = kind;
            this.lock = lock;
        }
    }

    private record Key(WaitKind kind, LockRef lock) {}

    /** An id and the name that it was made of: it is asked for with each waiting thread of each snapshot. */
    private record Shown(@Nullable String known, String id) {}

    final LockNaming naming;
    private final int limit;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    /** By identity: stacks are interned and few, and each is asked for with every wait. */
    private final IdentityHashMap<Stack, Optional<Frame>> sites = new IdentityHashMap<>();

    private int learnt; // names taken over from the recording
    private final Map<String, Set<String>> monitorNames = new HashMap<>();
    /** What rows were called before their names were known, for links made then, and an entry of each. Filled by readers. */
    private final Map<String, Entry> formerIds = new ConcurrentHashMap<>();

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
        naming.learn(named);
        learnt++;
    }

    /** Asks for the lock's name at a wait site, unless it is known. */
    void learn(Entry entry, Stack stack) {
        boolean many = entry.lock.identity().equals(LockRef.UNKNOWN_IDENTITY) && entry.site != null;
        entry.scattered |= many && !stack.isEmpty() && !Objects.equals(entry.site, site(stack));
        if (isNamed(entry) || entry.unnamed.size() >= SITES || stack.isEmpty() || seen(entry, stack)) {
            return;
        }
        if (entry.site == null) {
            entry.site = site(stack);
        }
        entry.unnamed.add(stack);
        ask(entry, stack);
    }

    private boolean isNamed(Entry entry) {
        return entry.name != null && !naming.leavesOpen(entry.name);
    }

    private boolean seen(Entry entry, Stack stack) {
        for (Stack each : entry.unnamed) {
            if (Objects.equals(site(each), site(stack))) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Frame site(Stack stack) {
        Optional<Frame> known = sites.get(stack);
        if (known == null) {
            known = stack.site();
            if (sites.size() >= limit) {
                sites.clear();
            }
            sites.put(stack, known);
        }
        return known.orElse(null);
    }

    private void ask(Entry entry, Stack stack) {
        String name = naming.name(entry.kind, entry.lock, stack).orElse(null);
        if (name != null && (entry.name == null || !naming.leavesOpen(name))) {
            entry.name = name;
            if (isMonitor(entry.kind)) {
                monitorNames
                        .computeIfAbsent(entry.lock.className(), type -> new HashSet<>())
                        .add(name);
            }
        }
        if (isNamed(entry)) {
            entry.unnamed = List.of();
        }
    }

    /** Asks once more at the sites seen, if the recording has told names since. */
    private void askAgain(Entry entry) {
        if (entry.learnt != learnt) {
            entry.learnt = learnt;
            for (Stack stack : List.copyOf(entry.unnamed)) {
                if (!isNamed(entry)) {
                    ask(entry, stack);
                }
            }
        }
    }

    /** The name to show; never empty. */
    String name(Entry entry) {
        String known = entry.scattered ? null : known(entry);
        if (known != null) {
            return known;
        }
        Frame site = entry.scattered ? null : entry.site;
        String type = entry.lock.className().isEmpty() ? entry.kind.id() : entry.lock.className();
        return site == null ? type : type + " at " + site.display();
    }

    /** Whether it is shown by a name that the code tells. */
    boolean hasName(Entry entry) {
        return !entry.scattered && known(entry) != null;
    }

    /** Its own name, or for a monitor of which no stack was seen the only one that its class is known by. */
    private @Nullable String known(Entry entry) {
        askAgain(entry);
        if (entry.name != null || !isMonitor(entry.kind) || !entry.unnamed.isEmpty()) {
            return entry.name;
        }
        Set<String> names = monitorNames.getOrDefault(entry.lock.className(), Set.of());
        String only = names.size() == 1 ? names.iterator().next() : null;
        return only == null || naming.leavesOpen(only) ? null : only;
    }

    /** Two entries with the same row are shown as one. */
    String row(Entry entry) {
        String type = entry.kind.id() + "|" + entry.lock.className() + "|";
        if (byPlace(entry.kind)) {
            String known = known(entry);
            return type + (known == null || entry.kind == WaitKind.FUTURE ? "" : known); // their sums are by class
        }
        return type + "#" + entry.lock.identity();
    }

    String id(Entry entry) {
        String known = byPlace(entry.kind) ? known(entry) : null;
        Shown before = entry.shown;
        if (before != null && Objects.equals(before.known(), known)) {
            return before.id();
        }
        String id = entry.kind.id() + "-" + Long.toHexString((row(entry).hashCode() * 0x9E3779B97F4A7C15L) >>> 24);
        entry.shown = new Shown(known, id);
        if (before != null && !before.id().equals(id) && formerIds.size() < limit) {
            formerIds.put(before.id(), entry);
        }
        return id;
    }

    /** The id that a row has today; the same text if nothing of this id was ever renamed, or something still has it. */
    String idToday(String id) {
        Entry moved = formerIds.get(id);
        return moved == null
                        || entries.values().stream().anyMatch(entry -> id(entry).equals(id))
                ? id
                : id(moved);
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
        formerIds.values().removeIf(entry -> entry.lastSecond < second);
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
