// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One object for each distinct stack and frame; the oldest stacks are forgotten. */
final class StackPool {
    private static final int MAX_FRAMES = 60_000;

    private final int most;
    private final Map<Stack, Stack> stacks = new LinkedHashMap<>();
    private final Map<Frame, Frame> frames = new HashMap<>();

    StackPool(int most) {
        this.most = most;
    }

    Stack intern(Stack stack) {
        if (stack.isEmpty()) {
            return Stack.EMPTY;
        }
        Stack known = stacks.get(stack);
        if (known != null) {
            return known;
        }
        if (frames.size() > MAX_FRAMES) {
            frames.clear();
        }
        List<Frame> shared = new ArrayList<>(stack.frames().size());
        for (Frame frame : stack.frames()) {
            shared.add(frames.computeIfAbsent(frame, Function.identity()));
        }
        Stack own = new Stack(shared);
        if (stacks.size() >= most) {
            stacks.remove(stacks.keySet().iterator().next());
        }
        stacks.put(own, own);
        return own;
    }
}
