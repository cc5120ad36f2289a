// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Optional;
import java.util.stream.Stream;

/** Permits that an exception leaves taken, one by one: those that wait are short of them long before all are gone. */
final class LeftPermits {
    private LeftPermits() {}

    /** What to do about it, as a sentence; empty if by the code of those that wait each way out releases the permit. */
    static Optional<String> release(LockTrouble trouble) {
        return line(trouble)
                .map(frame ->
                        "Release the permit of " + trouble.name() + " in a finally block, at " + Words.place(frame)
                                + ": an exception of what is called there after acquire leaves it taken for good.");
    }

    private static Optional<Frame> line(LockTrouble trouble) {
        if (trouble.lock.kind() != WaitKind.SEMAPHORE) {
            return Optional.empty();
        }
        Stream<Stack> now = trouble.waitersNow().map(edge -> DeadlockRule.stackOf(edge, trouble.all));
        Stream<Stack> before = trouble.lock.sites().stream().limit(1).map(site -> site.stack());
        return Stream.concat(now, before)
                .flatMap(stack -> trouble.all.session().code().leavesPermit(stack).stream())
                .findFirst();
    }
}
