// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.util.List;

/**
 * What the search for data races has done so far, for the page.
 *
 * @param says one sentence: what is watched, or why nothing is
 * @param armed whether a window is open now
 * @param planned classes in the plan
 * @param probed classes that were watched at least once
 * @param windows so far
 * @param traps times a thread paused at a watched access
 * @param hits times another thread came by meanwhile
 * @param failed "name: why" of classes that cannot be watched; not all of them
 * @param failures how many there are
 * @param notObservable "class.method" that ran on in old code, so that nothing in it can be seen
 */
public record RaceSearch(
        String says,
        boolean armed,
        int planned,
        int probed,
        int windows,
        long traps,
        long hits,
        List<String> failed,
        int failures,
        List<String> notObservable) {
    /** Nothing is looked for: a recording, or {@code --races off}. */
    public static final RaceSearch OFF = new RaceSearch("", false, 0, 0, 0, 0, 0, List.of(), 0, List.of());
}
