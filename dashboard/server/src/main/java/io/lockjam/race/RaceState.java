// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the race watch has done so far, for the page and the report.
 *
 * @param says one sentence: what is watched, or why nothing is
 * @param planned classes in the plan
 * @param probed classes that were woven at least once
 * @param failed "name: why" of classes that could not be woven, at most 200
 * @param failures how many there are
 * @param notObservable "class.method" that ran through a whole window in old code
 * @param withheld why no race is predicted; empty if some are, or none are wanted
 * @param weaveNanos of the agent's thread, while the target goes on: what takes long is weaving, outside of it
 * @param longestBatchNanos longest of these
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
        String withheld,
        long weaveNanos,
        long longestBatchNanos,
        long traps,
        long hits,
        long waitedNanos) {
    /** Listed in one sentence. */
    private static final int MOST_NAMES = 8;

    static final RaceState NONE = new RaceState(
            "no class has been looked at yet", false, 0, 0, 0, List.of(), 0, List.of(), "", 0, 0, 0, 0, 0);

    /** The same with another sentence on what is done. */
    public RaceState says(String sentence) {
        return new RaceState(
                sentence,
                armed,
                planned,
                probed,
                windows,
                failed,
                failures,
                notObservable,
                withheld,
                weaveNanos,
                longestBatchNanos,
                traps,
                hits,
                waitedNanos);
    }

    /**
     * One sentence on what was done.
     *
     * @param stopped longest time for which all threads of the target stood still while classes were exchanged; empty if it was not recorded
     */
    public String sum(Optional<Duration> stopped) {
        return "Races: %s; %s, %s woven, %s before accesses (%,d ms in all), %s; longest batch %,d ms%s."
                .formatted(
                        says,
                        count(windows, "window", "s"),
                        count(probed, "class", "es"),
                        count(traps, "wait", "s"),
                        waitedNanos / 1_000_000,
                        count(hits, "meeting", "s"),
                        longestBatchNanos / 1_000_000,
                        stopped.map(time -> ", longest stop of the threads %,d ms".formatted(time.toMillis()))
                                .orElse(""));
    }

    private static String count(long number, String noun, String plural) {
        return "%,d %s%s".formatted(number, noun, number == 1 ? "" : plural);
    }

    /** What could not be looked at, a sentence each; empty if nothing is missing. */
    public List<String> missing() {
        List<String> all = new ArrayList<>();
        if (planned == 0) {
            all.add(says);
        }
        if (!notObservable.isEmpty()) {
            all.add("not observable until they return, since they ran from before their class was looked at: "
                    + some(notObservable, notObservable.size())
                    + "; where they never return, start the program with -javaagent and races=CLASSES");
        }
        if (!withheld.isEmpty()) {
            all.add(withheld);
        }
        if (failures > 0) {
            all.add("could not be woven: " + some(failed, failures));
        }
        return all;
    }

    private static String some(List<String> names, int all) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return all > MOST_NAMES ? first + " and " + (all - MOST_NAMES) + " more" : first;
    }
}
