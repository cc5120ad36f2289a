// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses between the names that the code leaves open for a monitor: one that another monitor of the same snapshot is known by is not meant. Only
 * within a snapshot do identities tell monitors apart (see {@link LockTable}).
 */
final class OpenNames {
    /** Between two names of which one is meant, as {@link LockNaming#name} tells them. */
    private static final String OR = " or ";

    private OpenNames() {}

    static List<WaitForGraph.Edge> settled(List<WaitForGraph.Edge> edges, LockNaming naming) {
        return edges.stream()
                .map(edge -> naming.leavesOpen(edge.lockName()) ? settled(edge, edges) : edge)
                .toList();
    }

    private static WaitForGraph.Edge settled(WaitForGraph.Edge open, List<WaitForGraph.Edge> edges) {
        List<String> left = new ArrayList<>(List.of(open.lockName().split(OR)));
        for (WaitForGraph.Edge other : edges) {
            boolean another = LockTable.isMonitor(other.kind())
                    && !other.lock().equals(open.lock())
                    && other.lock().className().equals(open.lock().className());
            if (another && LockTable.isMonitor(open.kind())) {
                left.remove(other.lockName());
            }
        }
        return left.size() == 1 ? open.called(left.get(0)) : open;
    }
}
