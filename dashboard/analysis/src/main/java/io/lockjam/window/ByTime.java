// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Things that took some time, in the order of their ends, so that those near a moment are found without a look at all of them.
 *
 * <p>What one thread did follows one after the other, so few of its things begin before an instant and end after it.
 */
final class ByTime<T> {
    private final List<T> items;
    private final Function<T, Instant> end;
    /** The earliest begin of an item and all after it. */
    private final Instant[] earliestBegin;

    ByTime(List<T> unordered, Function<T, Instant> end, Function<T, Duration> took) {
        this.end = end;
        items = new ArrayList<>(unordered);
        items.sort(Comparator.comparing(end));
        earliestBegin = new Instant[items.size()];
        Instant earliest = Instant.MAX;
        for (int i = items.size() - 1; i >= 0; i--) {
            T item = items.get(i);
            Instant begin = end.apply(item).minus(took.apply(item));
            earliest = begin.isBefore(earliest) ? begin : earliest;
            earliestBegin[i] = earliest;
        }
    }

    /** One for each key. */
    static <K, T> Map<K, ByTime<T>> byKey(Map<K, List<T>> lists, Function<T, Instant> end, Function<T, Duration> took) {
        Map<K, ByTime<T>> ordered = new HashMap<>();
        lists.forEach((key, list) -> ordered.put(key, new ByTime<>(list, end, took)));
        return ordered;
    }

    /** The list to which things with this key are to be added. */
    static <K, T> List<T> list(Map<K, List<T>> lists, K key) {
        return lists.computeIfAbsent(key, each -> new ArrayList<>());
    }

    /** As {@link #touching(Instant, Instant)}; nothing if nothing has the key. */
    static <K, T> List<T> touching(Map<K, ByTime<T>> all, K key, Instant from, Instant to) {
        ByTime<T> own = all.get(key);
        return own == null ? List.of() : own.touching(from, to);
    }

    /** Everything that ends at or after one instant and begins at or before another, and maybe some that begin later. */
    List<T> touching(Instant from, Instant to) {
        int first = firstNotBefore(from);
        int last = first;
        while (last < items.size() && !earliestBegin[last].isAfter(to)) {
            last++;
        }
        return items.subList(first, last);
    }

    /** Everything that ended before an instant, the earliest first. */
    List<T> endedBefore(Instant instant) {
        return items.subList(0, firstNotBefore(instant));
    }

    private int firstNotBefore(Instant instant) {
        int low = 0;
        int high = items.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (end.apply(items.get(middle)).isBefore(instant)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
