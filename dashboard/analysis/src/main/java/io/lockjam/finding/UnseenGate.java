// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact.LockOrderSeen;
import io.lockjam.model.Frame;
import java.util.List;

/**
 * Tells whether two threads may nest locks under one that we have not seen. A method that ran before its class was looked at goes on as it was until it
 * returns, so a loop that never does takes its locks unseen; the code tells that it stands in a block that has one.
 */
record UnseenGate(Situation all) {
    boolean keepsApart(List<LockOrderSeen> circle) {
        for (LockOrderSeen one : circle) {
            for (LockOrderSeen other : circle) {
                if (one != other && shares(one, other)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether both come from one line that has a lock by the code, while no lock around both of its own is known of one of them. */
    private boolean shares(LockOrderSeen one, LockOrderSeen other) {
        List<Frame> outside = outside(other);
        return onlyHolds(one)
                && outside(one).stream()
                        .anyMatch(frame -> outside.stream().anyMatch(each -> isAt(each, frame))
                                && all.session().code().standsInLock(frame));
    }

    private static boolean isAt(Frame one, Frame other) {
        return one.className().equals(other.className())
                && one.method().equals(other.method())
                && one.line() == other.line();
    }

    private static boolean onlyHolds(LockOrderSeen order) {
        return order.gates().stream().allMatch(gate -> gate.equals(order.held().identity()));
    }

    /** The methods that have called the one which took the first lock. */
    private static List<Frame> outside(LockOrderSeen order) {
        List<Frame> frames = order.stack().frames();
        int taken = -1;
        for (int i = 0; i < frames.size() && taken < 1; i++) {
            Frame frame = frames.get(i);
            taken = order.heldAt().startsWith(frame.className() + "." + frame.method() + "(") ? i : taken;
        }
        return taken < 0
                ? List.of()
                : frames.subList(taken + 1, frames.size()).stream()
                        .filter(frame -> !frame.isJdk())
                        .toList();
    }
}
