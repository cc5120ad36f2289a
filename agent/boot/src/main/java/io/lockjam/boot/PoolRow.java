// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Totals of one pool; the components are the fields of {@code io.lockjam.event.PoolTotalsEvent}. */
public record PoolRow(
        String poolClassName,
        long poolId,
        @Nullable String poolName,
        String type,
        int size,
        int coreSize,
        int maxSize,
        int busy,
        long busyTime,
        int queueDepth,
        int queueCapacity,
        long arrivals,
        long completions,
        long rejections,
        long timed,
        long queueTime,
        long serviceTime,
        double serviceSquares,
        long cpuTime,
        long cpuServiceTime,
        String queueHistogram,
        String serviceHistogram,
        int waiters,
        int looks,
        long looked,
        long arrived,
        int busyMost,
        double arrivalSquares,
        int holdersWaiting,
        @Nullable String holder,
        long held,
        @Nullable String holderStack,
        long interval) {}
