// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Threads of the application that only call a library which selects, such as one that polls a consumer of Kafka. They come back to a selector
 * again and again, too, but nobody else depends on when: what they do between two calls is their own affair.
 */
final class LoopCallers {
    /** By thread, the method of the library that the application's code calls. */
    private final Map<Long, Frame> calls = new HashMap<>();

    /** Takes note of a stack in a selector. */
    void see(ThreadRef thread, Stack selects) {
        List<Frame> frames =
                selects.frames().stream().filter(frame -> !frame.isJdk()).toList();
        for (int i = 1; i < frames.size(); i++) {
            if (frames.get(i).isOwn() && Libraries.has(frames.get(i - 1).className())) {
                calls.putIfAbsent(thread.id(), frames.get(i - 1));
                return;
            }
        }
    }

    /** Whether somebody else may have been held up: the thread is no caller, or is in code that the library calls back. */
    boolean holdsUpOthers(LoopHoldUp holdUp) {
        Frame call = calls.get(holdUp.thread().id());
        return call == null || isCalledBack(holdUp.stack(), call);
    }

    private static boolean isCalledBack(Stack stack, Frame call) {
        boolean own = false;
        for (Frame frame : stack.frames()) {
            if (frame.className().equals(call.className()) && frame.method().equals(call.method())) {
                return own;
            }
            own |= frame.isOwn();
        }
        return false;
    }
}
