// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;

/** The largest few of many, without sorting the many. */
final class Largest {
    private Largest() {}

    /** So many of them, the largest first. */
    static <T> List<T> of(List<T> items, int most, ToLongFunction<T> size) {
        Comparator<T> bySize = Comparator.comparingLong(size);
        Collection<T> few = items.size() <= most ? items : few(items, most, size, new PriorityQueue<>(bySize));
        return few.stream().sorted(bySize.reversed()).limit(most).toList();
    }

    private static <T> Collection<T> few(List<T> items, int most, ToLongFunction<T> size, PriorityQueue<T> kept) {
        long least = Long.MIN_VALUE;
        for (T item : items) {
            boolean room = kept.size() < most;
            if (room || size.applyAsLong(item) > least) {
                if (!room) {
                    kept.poll();
                }
                kept.add(item);
                least = size.applyAsLong(kept.element());
            }
        }
        return kept;
    }
}
