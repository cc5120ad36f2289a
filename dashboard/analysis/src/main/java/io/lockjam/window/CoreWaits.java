// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.HashMap;
import java.util.Map;

/** How long the threads of a group waited for a core, against how long they had one; from the clocks of the operating system. */
final class CoreWaits {
    /** Less time on a core than this says nothing. */
    private static final long LEAST_NANOS = 10_000_000;

    private final Memory memory;
    private final Map<Range, Map<String, long[]>> known = new HashMap<>();

    CoreWaits(Memory memory) {
        this.memory = memory;
    }

    /** NaN if not known. */
    double ratio(String group, Range range) {
        long[] nanos = known.computeIfAbsent(range, this::sums).get(group);
        return nanos == null || nanos[0] < LEAST_NANOS ? Double.NaN : (double) nanos[1] / nanos[0];
    }

    /** Nanoseconds the threads of the group were on a core; -1 if not known. */
    long ranNanos(String group, Range range) {
        long[] nanos = known.computeIfAbsent(range, this::sums).get(group);
        return nanos == null ? -1 : nanos[0];
    }

    /** Nanoseconds on a core and waiting for one, by group. */
    private Map<String, long[]> sums(Range range) {
        Map<String, long[]> sums = new HashMap<>();
        for (Second second : memory.in(range)) {
            OsCells os = second.os;
            long[] osIds = os == null ? new long[0] : os.osIds();
            for (int row = 0; row < osIds.length; row++) {
                ThreadTable.Entry thread = memory.threads.byOsId(osIds[row]);
                if (os != null && thread != null) {
                    long[] sum = sums.computeIfAbsent(thread.ref.group(), key -> new long[2]);
                    sum[0] += os.ranNanos(row);
                    sum[1] += os.queuedNanos(row);
                }
            }
        }
        return sums;
    }
}
