// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/** Tells the sleeps of our own probes for races from those of the program: what made them says nothing of its code. */
public final class ProbeSleep {
    /** What {@link Fact.Activity#detail} says of one. */
    public static final String DETAIL = "in a probe of ours";

    private static final String TRAP = "io.lockjam.boot.Trap";

    private ProbeSleep() {}

    public static boolean is(Fact.Activity activity) {
        return activity.kind() == Fact.ActivityKind.SLEEP && DETAIL.equals(activity.detail());
    }

    /** Whether a frame is that of a probe which waits for another thread to come. */
    public static boolean isIn(String className) {
        return className.equals(TRAP);
    }
}
