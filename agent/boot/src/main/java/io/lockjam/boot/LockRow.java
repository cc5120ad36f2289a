// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Totals of one synchroniser in one mode; the components are the fields of {@code io.lockjam.event.LockTotalsEvent}.
 *
 * @param lockClass null where waits of many classes are summed, and for parks without blocker
 */
public record LockRow(
        String kind,
        @Nullable Class<?> lockClass,
        long lockId,
        long waits,
        long waited,
        long longest,
        String histogram,
        long holds,
        long held,
        long longestHold,
        int waiting,
        long interval) {}
