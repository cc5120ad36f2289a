// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads stacks that were taken from outside a thread: one frame a line, {@code class.method(file:line)}. */
public final class StackText {
    private static final String NATIVE = "native";

    private StackText() {}

    public static List<Frame> frames(String text) {
        List<Frame> frames = new ArrayList<>();
        for (String line : text.split("\n")) {
            Frame frame = frame(line.trim());
            if (frame != null && frames.size() < Wire.DEEPEST_STACK) {
                frames.add(frame);
            }
        }
        return frames;
    }

    /** Null if the line is not a frame. */
    static @Nullable Frame frame(String line) {
        int open = line.lastIndexOf('(');
        String qualified = withoutModule(open < 0 ? line : line.substring(0, open));
        int dot = qualified.lastIndexOf('.');
        if (dot <= 0 || dot == qualified.length() - 1) {
            return null;
        }
        String place = open < 0 ? "" : line.substring(open + 1).replace(")", "");
        int colon = place.lastIndexOf(':');
        String file = colon < 0 ? place : place.substring(0, colon);
        boolean named = !file.isEmpty() && !file.equals("Unknown Source") && !file.equals("Native Method");
        return new Frame(
                ClassNames.known(qualified.substring(0, dot)),
                qualified.substring(dot + 1),
                null,
                named ? file : null,
                colon < 0 ? -1 : line(place.substring(colon + 1)),
                -1);
    }

    private static int line(String text) {
        if (text.equals(NATIVE)) {
            return -1;
        }
        try {
            return Math.max(-1, Integer.parseInt(text));
        } catch (NumberFormatException damaged) {
            return -1;
        }
    }

    /** Drops {@code java.base/} or {@code app//}, but not the slash in the name of a hidden class. */
    private static String withoutModule(String qualified) {
        int hidden = qualified.indexOf("/0x");
        int slash = (hidden < 0 ? qualified : qualified.substring(0, hidden)).lastIndexOf('/');
        return qualified.substring(slash + 1);
    }
}
