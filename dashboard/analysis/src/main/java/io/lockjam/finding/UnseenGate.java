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
                if (one.thread().id() != other.thread().id() && shares(one, other)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether both come from one line that has a lock by the code, while no lock around both of its own is known of one of them. */
    private boolean shares(LockOrderSeen one, LockOrderSeen other) {
        List<Frame> mine = one.stack().frames();
        List<Frame> others = other.stack().frames();
        List<Frame> outside = others.subList(outside(other), others.size());
        for (int i = outside(one); i < mine.size() && onlyHolds(one); i++) {
            Frame frame = mine.get(i);
            if (!frame.isJdk()
                    && outside.stream().anyMatch(each -> isAt(each, frame))
                    && all.session().code().standsInLock(one.stack(), i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(Frame one, Frame other) {
        return one.className().equals(other.className())
                && one.method().equals(other.method())
                && one.line() == other.line();
    }

    private static boolean onlyHolds(LockOrderSeen order) {
        return order.gates().stream().allMatch(gate -> gate.equals(order.held().identity()));
    }

    /** Where the methods begin that have called the one which took the first lock; behind the last if that is not known. */
    private static int outside(LockOrderSeen order) {
        List<Frame> frames = order.stack().frames();
        int taken = -1;
        for (int i = 0; i < frames.size() && taken < 1; i++) {
            Frame frame = frames.get(i);
            taken = order.heldAt().startsWith(frame.className() + "." + frame.method() + "(") ? i : taken;
        }
        return taken < 0 ? frames.size() : taken + 1;
    }
}
