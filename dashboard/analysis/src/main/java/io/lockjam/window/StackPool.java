// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One object for each distinct stack and frame; the oldest stacks are forgotten.
 *
 * <p>Sources hand out the same object again and again, so what is known of a stack is looked up by identity first: content means to
 * hash and compare dozens of frames.
 */
final class StackPool {
    private static final int MAX_FRAMES = 60_000;
    /** Far more than a program uses at a time; each keeps the source's copy of a stack. */
    private static final int MOST_LATELY = 1 << 12;

    private final int most;
    private final UnaryOperator<Stack> withLines;
    private final IdentityHashMap<Stack, Known> lately = new IdentityHashMap<>();
    private final Map<Stack, Stack> stacks = new LinkedHashMap<>();
    private final Map<Frame, Frame> frames = new HashMap<>();

    /** @param withLines adds the lines that are known of frames without */
    StackPool(int most, UnaryOperator<Stack> withLines) {
        this.most = most;
        this.withLines = withLines;
    }

    /** @param idle by its frames, its thread waits for work */
    record Known(Stack stack, boolean idle) {}

    Stack intern(Stack stack) {
        return known(stack).stack();
    }

    Known known(Stack stack) {
        Known known = lately.get(stack);
        if (known == null) {
            Stack own = shared(withLines.apply(stack));
            known = new Known(own, StackReading.isIdle(own));
            if (lately.size() >= MOST_LATELY) {
                lately.clear();
            }
            lately.put(stack, known);
        }
        return known;
    }

    private Stack shared(Stack stack) {
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
