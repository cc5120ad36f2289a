// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Keeps the longest waits of each lock, so that one with many or with long ones does not push out those of all others: where the room is
 * short, each lock loses its shortest first, and the one with the most loses most.
 *
 * @param <T> what is kept
 */
final class FairRoom<T> implements Iterable<T> {
    private final Function<T, Object> whose;
    private final ToLongFunction<T> length;
    private final Comparator<T> longestFirst;
    private List<T> kept = new ArrayList<>(0);

    /** Of each that has as much of the room as it can get, what one more must have to stay. Shares only get smaller, so what is shorter goes at once. */
    private Map<Object, Long> least = Map.of();

    private record Ranked<T>(int rank, T each) {}

    /**
     * @param whose what has a share in the room, such as the lock of a wait
     * @param length in nanoseconds
     */
    FairRoom(Function<T, Object> whose, ToLongFunction<T> length) {
        this.whose = whose;
        this.length = length;
        this.longestFirst = Comparator.comparingLong(length).reversed();
    }

    /**
     * Adds one more. Up to twice the room is taken before what is too much goes, since choosing costs a look at all.
     *
     * @return how many went
     */
    int add(T each, int room) {
        Long enough = least.isEmpty() ? null : least.get(whose.apply(each));
        if (enough != null && length.applyAsLong(each) < enough) {
            return 1;
        }
        kept.add(each);
        return kept.size() < 2 * room ? 0 : fit(room);
    }

    /** Lets go what does not fit into the room; returns how many that were. */
    int fit(int room) {
        int tooMany = kept.size() - room;
        if (tooMany <= 0) {
            return 0;
        }
        kept.sort(longestFirst);
        Map<Object, Integer> ranks = new HashMap<>();
        List<Ranked<T>> ranked = new ArrayList<>(kept.size());
        for (T each : kept) {
            ranked.add(new Ranked<>(ranks.merge(whose.apply(each), 1, Integer::sum), each));
        }
        ranked.sort(Comparator.comparingInt(Ranked::rank)); // stable: the longest of each rank stays first
        keep(ranked.subList(0, room));
        return tooMany;
    }

    private void keep(List<Ranked<T>> ranked) {
        kept = new ArrayList<>(ranked.size());
        least = new HashMap<>();
        if (ranked.isEmpty()) {
            return;
        }
        Ranked<T> last = ranked.get(ranked.size() - 1);
        long lastLength = length.applyAsLong(last.each());
        for (Ranked<T> each : ranked) {
            kept.add(each.each());
            long own = length.applyAsLong(each.each());
            if (each.rank()
                    >= last.rank() - 1) { // one more would be of the last rank, where the longest stay, or beyond
                least.put(whose.apply(each.each()), each.rank() == last.rank() ? own : Math.min(own, lastLength));
            }
        }
    }

    Stream<T> stream() {
        return kept.stream();
    }

    @Override
    public Iterator<T> iterator() {
        return kept.iterator();
    }
}
