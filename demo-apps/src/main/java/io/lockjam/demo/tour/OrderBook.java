// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.tour;

import io.lockjam.demo.Work;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts orders, wrongly with a plain field and rightly with an atomic one. */
final class OrderBook {
    private long ordersToday;
    private final AtomicLong safeOrdersToday = new AtomicLong();
    private final LongAdder taken = new LongAdder();

    void count() {
        long number = ordersToday + 1;
        Work.compute(2); // prints the number on the order
        ordersToday = number;
    }

    void countSafely() {
        Work.compute(2);
        safeOrdersToday.incrementAndGet();
    }

    /** Notes for the demo itself how many were really counted. */
    void take(int orders) {
        taken.add(orders);
    }

    long taken() {
        return taken.sum();
    }

    /** Taken is read first, so orders on their way do not count as lost. */
    long lost() {
        long really = taken.sum();
        return really - ordersToday - safeOrdersToday.get();
    }
}
