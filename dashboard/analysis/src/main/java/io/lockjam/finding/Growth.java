// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.util.List;

/** Whether a queue has grown for a while. One that was short until a moment ago holds a burst, which the next moment may see worked off. */
final class Growth {
    /** Of the last depth; growth at an even pace reaches half of it by the middle of the range. */
    private static final double EARLIER_SHARE = 0.25;

    private Growth() {}

    /** @param depths one for each second, negative where not known */
    static boolean lasts(List<Integer> depths) {
        List<Integer> later = depths.subList(depths.size() / 2, depths.size()).stream()
                .filter(depth -> depth >= 0)
                .toList();
        return !later.isEmpty()
                && later.stream().allMatch(depth -> depth >= EARLIER_SHARE * later.get(later.size() - 1));
    }
}
