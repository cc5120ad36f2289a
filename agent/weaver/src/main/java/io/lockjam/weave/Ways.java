// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.Label;
import org.jspecify.annotations.Nullable;

/** The ways through a method: what is passed before what, and what is passed on one way only; by position. */
final class Ways {
    private final List<Leap> leaps = new ArrayList<>();
    private final Map<Label, Integer> labels = new HashMap<>();
    private final List<Integer> handlers = new ArrayList<>();

    /** @param to null if it leaves the method */
    private record Leap(int at, @Nullable Label to) {}

    void leap(int at, @Nullable Label to) {
        leaps.add(new Leap(at, to));
    }

    void reach(int at, Label label, boolean handler) {
        labels.put(label, at);
        if (handler) {
            handlers.add(at);
        }
    }

    /** Where a label is; beyond the end if that is not known. */
    int at(Label label) {
        return labels.getOrDefault(label, Integer.MAX_VALUE);
    }

    /** Whether nothing jumps over the first on the way to the second. */
    boolean comesFirst(int first, int second) {
        boolean jumped =
                leaps.stream().anyMatch(leap -> leap.at() < first && target(leap) > first && target(leap) <= second);
        return !jumped && handlers.stream().noneMatch(at -> at > first && at <= second);
    }

    /** Whether every way through the method passes it. */
    boolean always(int at) {
        return leaps.stream().noneMatch(leap -> leap.at() < at && target(leap) > at)
                && handlers.stream().noneMatch(handler -> handler <= at);
    }

    /** Whether one of the two ways from a test leaves the change out. */
    boolean decides(int test, Label label, int change) {
        int to = at(label);
        if (to <= test) {
            return false;
        }
        boolean ends = leaps.stream()
                .anyMatch(leap -> leap.at() > test
                        && leap.at() < to
                        && (leap.to() == null || target(leap) > change || isNextRound(target(leap), test, change)));
        return to > change || ends;
    }

    /** Whether it is the begin of a loop around both: of one that ends before the change, the last round leads there. */
    private boolean isNextRound(int begin, int test, int change) {
        return begin < test && leaps.stream().anyMatch(leap -> leap.at() > change && target(leap) == begin);
    }

    /** Whether a way leads back from behind the second to the first or further. */
    boolean loops(int first, int second) {
        return leaps.stream().anyMatch(leap -> leap.at() > second && target(leap) <= first);
    }

    /** Whether a loop around a read goes on or ends by a test of what was read. */
    boolean endsLoop(int read, int test, Label label) {
        int to = at(label);
        return to <= read
                || leaps.stream()
                        .filter(back -> target(back) <= read && back.at() > read && back.at() > test)
                        .anyMatch(back -> to > back.at() || leavesBetween(test, to, back.at()));
    }

    private boolean leavesBetween(int from, int to, int end) {
        return leaps.stream().anyMatch(leap -> leap.at() > from && leap.at() < to && target(leap) > end);
    }

    private int target(Leap leap) {
        return leap.to() == null ? Integer.MAX_VALUE : at(leap.to());
    }
}
