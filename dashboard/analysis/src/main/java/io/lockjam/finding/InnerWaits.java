// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockNaming;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Barriers and queues wait on a condition of their own. Of a wait that began before the hooks were in, only the stack tells what the condition
 * belongs to.
 */
final class InnerWaits {
    private static final Pattern PUTS = Pattern.compile("put|offer|transfer");

    private static final int HISTORY = 50_000;

    private InnerWaits() {}

    /** The wait as the hooks would have told it, by the name that the code has for it. */
    static WaitForGraph.Edge told(WaitForGraph.Edge edge, Stack stack, LockNaming code) {
        WaitForGraph.Edge told = told(edge, stack);
        boolean named = !edge.lockName().startsWith(edge.lock().className());
        return named || stack.isEmpty()
                ? told
                : code.name(told.kind(), told.lock(), stack).map(told::called).orElse(told);
    }

    /** Whether no wait of this kind for this thing has ended since this one began. A condition that is not known to be a queue's goes by its name. */
    static boolean noneEnded(WaitForGraph.Edge edge, Situation all) {
        Duration age = edge.waiter().virtual() && edge.soFar().compareTo(CodeOwners.MIN_AGE) > 0
                ? CodeOwners.MIN_AGE // an edge stands for many, and is as old as the first that ever waited there
                : edge.soFar();
        Instant began = all.range().to().minus(age);
        return all.session().waits(all.session().kept(), WaitQuery.all(HISTORY).withoutHolders()).stream()
                .noneMatch(wait -> wait.ended()
                        && wait.kind() == edge.kind()
                        && (wait.lock().equals(edge.lock()) || wait.lockName().equals(edge.lockName()))
                        && wait.end().isAfter(began));
    }

    private static WaitForGraph.Edge told(WaitForGraph.Edge edge, Stack stack) {
        if (edge.kind() != WaitKind.CONDITION) {
            return edge;
        }
        for (Frame frame : stack.frames().stream().takeWhile(Frame::isJdk).toList()) {
            String type = frame.className();
            if (type.equals("java.util.concurrent.CyclicBarrier")) {
                return edge.ofKind(WaitKind.BARRIER);
            }
            if (type.startsWith("java.util.concurrent.") && (type.endsWith("Queue") || type.endsWith("Deque"))) {
                return edge.ofKind(PUTS.matcher(frame.method()).lookingAt() ? WaitKind.QUEUE_PUT : WaitKind.QUEUE_TAKE);
            }
        }
        return edge;
    }
}
