// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Takes the totals of an interval: {@link JfrSink} makes events of them, another may send them elsewhere. */
public interface Sink {
    void lock(LockRow row);

    void queue(QueueRow row);

    void pool(PoolRow row);
}
