// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import java.util.List;

/**
 * What the race watch has done so far, for the page and the report.
 *
 * @param says one sentence: what is watched, or why nothing is
 * @param planned classes in the plan
 * @param probed classes that were woven at least once
 * @param failed "name: why" of classes that could not be woven, at most 200
 * @param failures how many there are
 * @param notObservable "class.method" that ran through a whole window in old code
 * @param weaveNanos of the agent's thread, longest batch of weaving
 * @param waitedNanos of application threads in traps
 */
public record RaceState(
        String says,
        boolean armed,
        int planned,
        int probed,
        int windows,
        List<String> failed,
        int failures,
        List<String> notObservable,
        long weaveNanos,
        long longestBatchNanos,
        long traps,
        long hits,
        long waitedNanos) {
    static final RaceState NONE =
            new RaceState("no class has been looked at yet", false, 0, 0, 0, List.of(), 0, List.of(), 0, 0, 0, 0, 0);
}
