// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import java.util.List;

/** Words for the caller of a place. */
final class CalledFrom {
    private CalledFrom() {}

    /**
     * The next frame of the application: what blocks is often a thin wrapper around the call. A library that calls the application says nothing; where it
     * blocks itself the line that called it does.
     */
    static String of(Stack stack, Frame site) {
        List<Frame> outer = stack.frames().stream()
                .skip(stack.frames().indexOf(site) + 1L)
                .filter(frame -> !frame.isJdk())
                .dropWhile(frame -> isBridge(frame, site))
                .toList();
        boolean ofLibrary = Libraries.has(site.className());
        return outer.stream()
                .filter(frame -> ofLibrary
                        && !Libraries.has(frame.className())
                        && !frame.className().contains("$$"))
                .findFirst()
                .or(() -> outer.stream().findFirst().filter(frame -> ofLibrary || !Libraries.has(frame.className())))
                .map(frame -> ", called from " + Words.place(frame))
                .orElse("");
    }

    /** The compiler's own method that calls the one of the same name, or one that calls itself: neither says more. */
    private static boolean isBridge(Frame frame, Frame site) {
        return frame.className().equals(site.className()) && frame.method().equals(site.method());
    }
}
