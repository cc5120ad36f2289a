// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Doing;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A thread that has a lock although it has left the code that took it: it waits for its next task, or is in no method that takes one.
 *
 * @param does in words, and why it is one
 */
record LockLeaver(String thread, String does) {
    private static final Pattern OF_WAITS =
            Pattern.compile("java\\.lang\\.(Object|VirtualThread|System\\$)|jdk\\.internal\\.");

    static Optional<LockLeaver> of(LockTrouble trouble) {
        return trouble.waitersNow()
                .flatMap(edge -> Stream.ofNullable(edge.owner()))
                .flatMap(owner -> of(owner, trouble).stream())
                .findFirst();
    }

    private static Optional<LockLeaver> of(ThreadRef owner, LockTrouble trouble) {
        Situation all = trouble.all;
        if (all.session().doing(owner, all.range().to()).doing() == Doing.WAITS_FOR_WORK) {
            return Optional.of(new LockLeaver(
                    owner.label(), "waits for its next task: the task that took it has ended without giving it back."));
        }
        String name = trouble.lock.name();
        boolean own = trouble.lock.className().startsWith("java.util.concurrent.locks.")
                && !name.startsWith("java.")
                && !Libraries.has(name)
                && trouble.waitersNow().noneMatch(edge -> isInsideJdk(DeadlockRule.stackOf(edge, all)));
        return trouble.worst()
                .filter(cell -> own && all.session().code().takesNoLock(cell.holderStack()))
                .map(
                        cell -> new LockLeaver(
                                owner.label(),
                                LockTrouble.holderDoes(cell)
                                        + ". By the code none of the methods that it is in takes a lock: one that has ended, as by an exception, has not given it back."));
    }

    /** Whether a class of the JDK takes the lock, as for a publisher: then its owner may stand in that class, whose code is not looked at. */
    private static boolean isInsideJdk(Stack stack) {
        return stack.frames().stream()
                .filter(frame ->
                        !frame.isLock() && !OF_WAITS.matcher(frame.className()).lookingAt())
                .findFirst()
                .filter(Frame::isJdk)
                .isPresent();
    }
}
