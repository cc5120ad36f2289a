// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;

/**
 * A line of code that has part in a finding.
 *
 * @param role waiter, holder, first, second, submitter, task, owner, creator, stage …
 * @param stack the whole stack it was seen in; empty if only the line is known
 */
public record Place(String role, Frame frame, Stack stack) {
    /** The line that a stack stands for; none if it has no line worth naming. */
    static List<Place> of(String role, Stack stack) {
        return stack.site()
                .map((Frame frame) -> List.of(new Place(role, frame, stack)))
                .orElse(List.of());
    }
}
