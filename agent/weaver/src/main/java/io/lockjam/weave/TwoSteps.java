// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls on a collection that look at it, and calls that change it by what was seen.
 *
 * <p>Only changes that go wrong if another thread does the same meanwhile: an element that is removed because there was one, or
 * put because there was none. What says by its result whether it did something ({@code poll}, {@code putIfAbsent}) is none.
 */
enum TwoSteps {
    LOOKS_AT_KEY,
    LOOKS_AT_ALL,
    CHANGES_KEY,
    CHANGES_ALL;

    private static final Set<String> MAPS = Set.of(
            "java/util/Map",
            "java/util/SortedMap",
            "java/util/NavigableMap",
            "java/util/Hashtable",
            "java/util/Properties",
            "java/util/concurrent/ConcurrentMap",
            "java/util/concurrent/ConcurrentNavigableMap",
            "java/util/concurrent/ConcurrentHashMap",
            "java/util/concurrent/ConcurrentSkipListMap");
    private static final Set<String> COLLECTIONS = Set.of(
            "java/util/Collection",
            "java/util/List",
            "java/util/Set",
            "java/util/Queue",
            "java/util/Deque",
            "java/util/Vector",
            "java/util/Stack",
            "java/util/concurrent/BlockingQueue",
            "java/util/concurrent/BlockingDeque",
            "java/util/concurrent/CopyOnWriteArrayList",
            "java/util/concurrent/CopyOnWriteArraySet",
            "java/util/concurrent/ConcurrentSkipListSet",
            "java/util/concurrent/ConcurrentLinkedQueue",
            "java/util/concurrent/ConcurrentLinkedDeque",
            "java/util/concurrent/LinkedBlockingQueue",
            "java/util/concurrent/LinkedBlockingDeque",
            "java/util/concurrent/ArrayBlockingQueue");
    private static final Set<String> ASKS = Set.of("get", "containsKey", "getOrDefault", "contains");
    private static final Set<String> COUNTS = Set.of("isEmpty", "empty", "size");
    private static final Set<String> TAKES = Set.of(
            "remove", "removeFirst", "removeLast", "removeElementAt", "pop", "element", "firstElement", "lastElement");
    private static final Set<String> PUTS = Set.of("put", "add", "addElement");

    static @Nullable TwoSteps of(String owner, String name, String descriptor) {
        boolean map = MAPS.contains(owner);
        if (!map && !COLLECTIONS.contains(owner)) {
            return null;
        }
        boolean keyed = descriptor.startsWith("(Ljava/lang/Object;");
        if (map) {
            boolean puts = name.equals("put") && keyed;
            return puts ? CHANGES_KEY : keyed && ASKS.contains(name) && !name.equals("contains") ? LOOKS_AT_KEY : null;
        }
        if (keyed) {
            return name.equals("contains")
                    ? LOOKS_AT_KEY
                    : PUTS.contains(name) && !name.equals("put") ? CHANGES_KEY : null;
        }
        return COUNTS.contains(name) ? LOOKS_AT_ALL : TAKES.contains(name) ? CHANGES_ALL : null;
    }

    boolean looks() {
        return this == LOOKS_AT_KEY || this == LOOKS_AT_ALL;
    }

    boolean isKeyed() {
        return this == LOOKS_AT_KEY || this == CHANGES_KEY;
    }
}
