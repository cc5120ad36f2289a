// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The largest few of many, without sorting the many. */
final class Largest {
    private Largest() {}

    /** So many of them, the largest first. */
    static <T> List<T> of(List<T> items, int most, ToLongFunction<T> size) {
        long least = Long.MIN_VALUE;
        if (items.size() > most && most > 0) {
            long[] sizes = items.stream().mapToLong(size).toArray();
            Arrays.sort(sizes);
            least = sizes[sizes.length - most];
        }
        long shown = least;
        return items.stream()
                .filter(item -> size.applyAsLong(item) >= shown)
                .sorted(Comparator.comparingLong(size).reversed())
                .limit(most)
                .toList();
    }
}
