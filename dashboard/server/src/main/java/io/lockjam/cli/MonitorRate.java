// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;

/** Notices when JFR writes more monitor waits than a target should have to pay for. */
final class MonitorRate {
    /** Events a second; at about 2 µs each with stack that is 1 % of a core. */
    static final int LIMIT = 5_000;

    private static final int SECONDS_IN_A_ROW = 2;

    private long second;
    private int count;
    private int row;

    /** True once for each time that the limit has been passed in two seconds running. */
    synchronized boolean tooMany(Fact fact) {
        if (!(fact instanceof Fact.WaitEnded wait) || !wait.counted()) {
            return false;
        }
        long now = wait.at().getEpochSecond();
        if (now > second) {
            row = count > LIMIT && now == second + 1 ? row + 1 : 0;
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
