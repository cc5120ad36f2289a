// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;

/**
 * One time a loop was held up.
 *
 * @param did what the thread did, as a verb
 * @param computed true if it made no call that waits; the stack is then one of several that were seen
 * @param goesOn true if it had not ended when it was last looked at
 */
record LoopHoldUp(
        ThreadRef thread, Instant end, Duration took, String did, Stack stack, boolean computed, boolean goesOn) {
    Instant begin() {
        return end.minus(took);
    }

    /** Hold-ups at the same place are one finding; computing moves from line to line and has none. */
    String place() {
        return computed ? did : stack.site().map(Frame::display).orElse("");
    }
}
