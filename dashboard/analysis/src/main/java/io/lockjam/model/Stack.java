// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.List;
import java.util.Optional;

/** The frames of a thread, innermost first; empty if none was taken. */
public record Stack(List<Frame> frames) {
    public static final Stack EMPTY = new Stack(List.of());

    public Stack {
        frames = List.copyOf(frames);
    }

    /**
     * The innermost frame that is not the JDK's: the line a person can change. Falls back to the innermost one outside the classes of locks,
     * then to the innermost one.
     */
    public Optional<Frame> site() {
        return frames.stream()
                .filter(frame -> !frame.isJdk())
                .findFirst()
                .or(() -> frames.stream().filter(frame -> !frame.isLock()).findFirst())
                .or(() -> frames.stream().findFirst());
    }

    /** The innermost frame that is neither the JDK's nor a library's, nor generated; {@link #site()} if there is none. */
    public Optional<Frame> own() {
        return frames.stream().filter(Frame::isOwn).findFirst().or(this::site);
    }

    /** The outermost of the application's frames, but for lambdas: what the thread is to do; {@link #own()} if there is none. */
    public Optional<Frame> task() {
        return frames.stream()
                .filter(Stack::isNamed)
                .reduce((inner, outer) -> outer)
                .or(this::own);
    }

    private static boolean isNamed(Frame frame) {
        return frame.isOwn() && !frame.method().contains("lambda$");
    }

    /** The frames that a stack trace of Java shows. */
    public List<Frame> shown() {
        return frames.stream().filter(frame -> !frame.isSpun()).toList();
    }

    /** Whether the thread is in the method of a frame, at whatever line. */
    public boolean isIn(Frame method) {
        return frames.stream()
                .anyMatch(frame -> frame.className().equals(method.className())
                        && frame.method().equals(method.method()));
    }

    public boolean isEmpty() {
        return frames.isEmpty();
    }
}
