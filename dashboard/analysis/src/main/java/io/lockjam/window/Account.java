// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.EnumMap;
import java.util.Map;

/**
 * Where thread time went; the parts add up to the whole, what could not be told is {@link Part#UNKNOWN}.
 *
 * @param nanos thread time by part; every part is present
 */
public record Account(Map<Part, Long> nanos) {
    /** The parts, in the order they are shown. */
    public enum Part {
        ON_CORE,
        RUN_QUEUE,
        THROTTLED,
        LOCK,
        QUEUE,
        IO,
        ASLEEP,
        IDLE,
        PAUSE,
        UNKNOWN
    }

    public Account {
        EnumMap<Part, Long> all = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            all.put(part, nanos.getOrDefault(part, 0L));
        }
        nanos = Map.copyOf(all);
    }

    public long nanos(Part part) {
        return nanos.getOrDefault(part, 0L);
    }

    public long total() {
        return nanos.values().stream().mapToLong(Long::longValue).sum();
    }

    /** 0 to 1; 0 if nothing is known at all. */
    public double share(Part part) {
        long total = total();
        return total == 0 ? 0 : (double) nanos(part) / total;
    }

    public Account plus(Account other) {
        EnumMap<Part, Long> sum = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            sum.put(part, nanos(part) + other.nanos(part));
        }
        return new Account(sum);
    }
}
