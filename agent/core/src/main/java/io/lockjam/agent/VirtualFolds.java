// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a scan of the virtual threads found them to wait for, with what the scan before it knew. */
final class VirtualFolds {
    /** Different waits kept apart in one scan. */
    static final int MOST = 500;

    private Map<Long, VirtualFold> before = new HashMap<>();
    private Map<Long, VirtualFold> found = new HashMap<>();
    private long dropped;

    /**
     * Adds a thread to those that wait for the subject.
     *
     * @param monitor null if it is none, or not known
     * @return null if there are too many different waits
     */
    @Nullable
    VirtualFold add(Thread thread, WaitReader.Subject subject, @Nullable Object monitor, long now) {
        long key = subject.lockId() * 31 + subject.kind().hashCode();
        VirtualFold fold = found.get(key);
        if (fold == null) {
            if (found.size() >= MOST) {
                dropped++;
                return null;
            }
            fold = new VirtualFold(thread, subject, monitor, before.get(key), now);
            found.put(key, fold);
        }
        fold.threads++;
        return fold;
    }

    Collection<VirtualFold> found() {
        return found.values();
    }

    Collection<VirtualFold> before() {
        return before.values();
    }

    /** Ends a scan. */
    void scanned() {
        found.values().forEach(fold -> fold.monitor = null);
        before = found;
        found = new HashMap<>();
    }

    /** Threads left out since the last call. */
    long takeDropped() {
        long taken = dropped;
        dropped = 0;
        return taken;
    }
}
