// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.concurrent.atomic.LongAdder;

/** Tells whether a program still gets on. */
public final class StandStill {
    private final LongAdder done;
    private final long concerned;
    private long doneBefore = -1;

    /**
     * @param done what goes up while the program gets on
     * @param concerned how many wait when it does not
     */
    public StandStill(LongAdder done, long concerned) {
        this.done = done;
        this.concerned = concerned;
    }

    /** Those concerned if nothing was done since this was last called, else 0. */
    public long sinceLast() {
        long now = done.sum();
        boolean still = now == doneBefore;
        doneBefore = now;
        return still ? concerned : 0;
    }
}
