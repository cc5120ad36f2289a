// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.tour;

import io.lockjam.demo.Work;
import java.util.concurrent.locks.ReentrantLock;

/** What is left of each article, behind one lock. */
final class Stock {
    static final int ARTICLES = 100;

    private final ReentrantLock stockLock = new ReentrantLock();
    private final int[] reserved = new int[ARTICLES];

    /** Prices the order under the lock, which needs no lock. */
    void reserve(int article) {
        stockLock.lock();
        try {
            Work.compute(900);
            reserved[article]++;
        } finally {
            stockLock.unlock();
        }
    }

    void reserveQuickly(int article) {
        Work.compute(900);
        stockLock.lock();
        try {
            reserved[article]++;
        } finally {
            stockLock.unlock();
        }
    }
}
