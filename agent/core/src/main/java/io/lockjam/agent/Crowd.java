// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads in one state that can be a wait for a monitor or in it: how many there are is counted often, which of them
 * waits for what is asked seldom, so their time is shared out in the proportion of the last few answers.
 */
final class Crowd {
    /** What the latest answer counts against those before: it is of one moment. */
    private static final double LATEST = 0.5;

    private static final double NEGLIGIBLE = 0.01;

    /**
     * What waits for one monitor, or in it, in a scan.
     *
     * @param kind {@code monitor}, or what those in Object.wait do
     * @param type null if that is not known
     * @param state in which they wait
     */
    record Share(String kind, @Nullable Class<?> type, long lockId, Thread.State state, long threads, long since) {
        private Share without() {
            return new Share(kind, type, lockId, state, 0, since);
        }

        Key key() {
            return new Key(lockId, state);
        }
    }

    /** Tells waits apart. */
    record Key(long lockId, Thread.State state) {}

    /** The part of the time that goes to one lock. */
    private record Part(Share share, double part) {}

    private Map<Key, Part> parts = Map.of();
    private boolean asked;

    final ThreadTime time = new ThreadTime();

    /** Some of these were asked what they wait for, and that is what those do that wait for monitors; the others are asleep or parked. */
    void asked(List<Share> found, double all) {
        double weight = asked ? LATEST : 1;
        Map<Key, Part> mixed = new HashMap<>();
        parts.forEach((key, known) -> {
            double part = known.part() * (1 - weight);
            if (part > NEGLIGIBLE) {
                mixed.put(key, new Part(known.share().without(), part));
            }
        });
        for (Share share : found) {
            double part = weight * Math.min(1, share.threads() / all);
            Part known = mixed.get(share.key());
            mixed.put(share.key(), new Part(share, known == null ? part : known.part() + part));
        }
        parts = mixed;
        asked = true;
    }

    Set<Key> waits() {
        return parts.keySet();
    }

    /** Shares out the time of the threads in nanoseconds since the last call; it is kept until one of these threads was asked. */
    void share(ObjDoubleConsumer<Share> to) {
        if (asked) {
            double nanos = time.take();
            parts.values().forEach(each -> to.accept(each.share(), nanos * each.part()));
        }
    }
}
