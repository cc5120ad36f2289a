// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** Writes stacks as the events carry them: one frame a line, innermost first, {@code class.method(file:line)}. */
final class StackText {
    /** As many as JFR keeps by default. */
    private static final int FRAMES = 64;

    private StackText() {}

    static String of(StackTraceElement[] frames) {
        int count = Math.min(FRAMES, frames.length);
        StringBuilder text = new StringBuilder(count * 64);
        for (int i = 0; i < count; i++) {
            StackTraceElement frame = frames[i];
            text.append(i == 0 ? "" : "\n")
                    .append(frame.getClassName())
                    .append('.')
                    .append(frame.getMethodName())
                    .append('(');
            if (frame.getFileName() != null) {
                text.append(frame.getFileName());
                if (frame.getLineNumber() >= 0) {
                    text.append(':').append(frame.getLineNumber());
                }
            }
            text.append(')').append(frame.isNativeMethod() ? ":native" : "");
        }
        return text.toString();
    }
}
