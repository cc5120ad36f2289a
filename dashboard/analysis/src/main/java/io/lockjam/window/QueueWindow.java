// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Histogram;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One BlockingQueue over a range.
 *
 * @param capacity -1 if unbounded, 0 for a hand-off queue
 * @param depths depth at the end of each second of the range; -1 where not known
 * @param growthPerSecond slope of the depth, elements a second, by least squares
 * @param putWait time producers waited for room
 * @param takeWait time consumers that are not pool workers waited for elements
 * @param idleTakeWait time pool workers waited for work
 * @param poolIdentity the pool whose work queue it is; null if none is known
 * @param producers sites that waited to put, most wait first
 * @param consumers sites that waited to take, most wait first
 */
public record QueueWindow(
        String id,
        String className,
        String name,
        String identity,
        Range range,
        int capacity,
        double depthMean,
        int depthMax,
        int depthLast,
        List<Integer> depths,
        double growthPerSecond,
        long putWaits,
        Duration putWait,
        Histogram puts,
        long takeWaits,
        Duration takeWait,
        Histogram takes,
        Duration idleTakeWait,
        @Nullable String poolIdentity,
        List<LockWindow.SiteShare> producers,
        List<LockWindow.SiteShare> consumers,
        List<LockWindow.Part> producerThreads,
        List<LockWindow.Part> consumerThreads) {}
