// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;

/** Nanoseconds on a core and runnable without one. */
public record Scheduled(long ran, long queued) {
    /** In the seconds that a span touches; zeros if not known. */
    static Scheduled of(Memory memory, ThreadRef thread, Range span) {
        long ran = 0;
        long queued = 0;
        for (Second second : memory.in(span)) {
            int row = second.os == null ? -1 : second.os.row(thread.osId());
            ran += second.os == null || row < 0 ? 0 : second.os.ranNanos(row);
            queued += second.os == null || row < 0 ? 0 : second.os.queuedNanos(row);
        }
        return new Scheduled(ran, queued);
    }
}
