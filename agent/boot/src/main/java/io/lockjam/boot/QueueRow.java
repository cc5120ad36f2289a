// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Totals of one queue; the components are the fields of {@code io.lockjam.event.QueueTotalsEvent}. */
public record QueueRow(
        @Nullable Class<?> queueClass,
        long queueId,
        int capacity,
        int depth,
        long putWaits,
        long putWaited,
        String putHistogram,
        long takeWaits,
        long takeWaited,
        String takeHistogram,
        long idleTakeWaited,
        long poolId,
        long interval) {}
