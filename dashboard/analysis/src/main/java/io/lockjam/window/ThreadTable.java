// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The platform threads known, with their slots; virtual threads have no entry because there may be millions. */
final class ThreadTable {
    /** Ended threads go first when there are more; thread-per-task programs start thousands a second. */
    private static final int MAX_THREADS = 20_000;

    /** Fewer may have missed each other by chance. */
    private static final int SEVERAL = 5;
    /** Seconds without a sign of a thread that lives: it has ended, and its end was not told. */
    private static final int GONE = 3;

    /** One platform thread. */
    static final class Entry {
        final int slot;
        ThreadRef ref;

        @Nullable
        Instant started;

        @Nullable
        Instant ended;

        Stack createdAt = Stack.EMPTY;
        long lastSecond;

        Entry(ThreadRef ref, int slot, long second) {
            this.ref = ref;
            this.slot = slot;
            this.lastSecond = second;
        }
    }

    private final Map<Long, Entry> entries = new LinkedHashMap<>();
    private final Map<Long, Entry> byOsId = new HashMap<>();
    private final BitSet slots = new BitSet();
    private final Set<Long> own = new HashSet<>();

    Map<Long, Entry> entries() {
        return entries;
    }

    List<ThreadRef> refs() {
        return entries.values().stream().map(entry -> entry.ref).toList();
    }

    void addOwn(Iterable<Long> ids) {
        ids.forEach(own::add);
    }

    int ownCount() {
        return own.size();
    }

    boolean isOwn(long id) {
        return own.contains(id);
    }

    /** Whether the thread is there because of us: the agent's or JFR's, whatever they wait for is none of the application's trouble. */
    boolean isObserver(ThreadRef thread) {
        return isOwn(thread.id())
                || thread.name().startsWith("Lockjam ")
                || thread.name().startsWith("JFR ")
                || thread.name().equals("Attach Listener");
    }

    @Nullable
    Entry byId(long id) {
        return entries.get(id);
    }

    @Nullable
    Entry byOsId(long osId) {
        return byOsId.get(osId);
    }

    /** Remembers a thread, completes what is known of it, and returns the one object that stands for it. */
    ThreadRef seen(ThreadRef ref, long second) {
        if (ref.virtual()) {
            return ref;
        }
        Entry entry = entries.get(ref.id());
        if (entry == null) {
            if (entries.size() >= MAX_THREADS) {
                dropOldest();
            }
            int slot = slots.nextClearBit(0);
            slots.set(slot);
            entry = new Entry(ref, slot, second);
            entries.put(ref.id(), entry);
            findable(entry);
        } else if (better(ref, entry.ref)) {
            entry.ref = new ThreadRef(
                    ref.id(),
                    ref.name().isEmpty() ? entry.ref.name() : ref.name(),
                    false,
                    ref.osId() >= 0 ? ref.osId() : entry.ref.osId());
            findable(entry);
        }
        entry.lastSecond = Math.max(entry.lastSecond, second);
        return entry.ref;
    }

    private void findable(Entry entry) {
        if (entry.ref.osId() >= 0) {
            byOsId.put(entry.ref.osId(), entry);
        }
    }

    private static boolean better(ThreadRef now, ThreadRef known) {
        return (!now.name().isEmpty() && !now.name().equals(known.name()))
                || (now.osId() >= 0 && now.osId() != known.osId());
    }

    /** Forgets threads that were last seen before a second. */
    void forgetBefore(long second) {
        entries.values().removeIf(entry -> {
            boolean gone = entry.lastSecond < second;
            if (gone) {
                release(entry);
            }
            return gone;
        });
    }

    private void dropOldest() {
        Entry victim = null;
        for (Entry entry : entries.values()) {
            if (entry.ended != null) {
                victim = entry;
                break;
            }
        }
        if (victim == null) {
            victim = entries.values().iterator().next();
        }
        entries.remove(victim.ref.id());
        release(victim);
    }

    private void release(Entry entry) {
        slots.clear(entry.slot);
        byOsId.remove(entry.ref.osId(), entry);
    }

    /** One of which nothing is known, as of a virtual one, is taken to live. */
    boolean lived(ThreadRef ref, Instant at) {
        Entry entry = entries.get(ref.id());
        return entry == null
                || ((entry.started == null || !entry.started.isAfter(at))
                        && (entry.ended == null || !entry.ended.isBefore(at)));
    }

    /**
     * Whether threads of the two names are known to keep out of each other's way, as those that are joined before the next ones
     * start: several of each have come and gone, and none of one name lived at a time with one of the other.
     */
    boolean parted(ThreadRef one, ThreadRef other) {
        long newest = entries.values().stream()
                .mapToLong(entry -> entry.lastSecond)
                .max()
                .orElse(0);
        List<Entry> lives = entries.values().stream()
                .filter(entry -> entry.ref.group().equals(one.group())
                        || entry.ref.group().equals(other.group()))
                .filter(entry -> entry.ended == null ? entry.lastSecond >= newest - GONE : entry.started != null)
                .sorted(Comparator.comparing(ThreadTable::started))
                .toList();
        Map<String, Instant> ends = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        boolean same = one.group().equals(other.group());
        for (Entry each : lives) {
            String group = each.ref.group();
            Instant until = ends.get(same ? group : group.equals(one.group()) ? other.group() : one.group());
            if (until != null && until.isAfter(started(each))) {
                return false;
            }
            Instant end =
                    each.ended == null ? Instant.ofEpochSecond(each.lastSecond) : each.ended; // JFR may lose an end
            ends.merge(group, end, (known, later) -> known.isAfter(later) ? known : later);
            counts.merge(group, 1, Integer::sum);
        }
        return counts.getOrDefault(one.group(), 0) >= SEVERAL && counts.getOrDefault(other.group(), 0) >= SEVERAL;
    }

    private static Instant started(Entry entry) {
        return entry.started == null ? Instant.MIN : entry.started;
    }
}
