// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;

/** Notices when JFR writes more monitor waits than a target should have to pay for. */
final class MonitorRate {
    private static final int SECONDS_IN_A_ROW = 2;

    private final int limit;
    private long second;
    private int count;
    private int row;

    /** @param limit events a second; each costs 2 µs with its stack, 5 µs and more on a busy machine */
    MonitorRate(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** True once for each time that the limit has been passed in two seconds running. */
    synchronized boolean tooMany(Fact fact) {
        if (!(fact instanceof Fact.WaitEnded wait) || !wait.counted()) {
            return false;
        }
        long now = wait.at().getEpochSecond();
        if (now > second) {
            row = count > limit && now == second + 1 ? row + 1 : 0;
            second = now;
            count = 0;
        }
        count++;
        if (row >= SECONDS_IN_A_ROW) {
            row = 0;
            return true;
        }
        return false;
    }
}
