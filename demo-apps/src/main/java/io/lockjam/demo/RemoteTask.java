// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.util.concurrent.atomic.LongAdder;

/** A task that calls another service for a fixed time, then counts itself as done. */
public final class RemoteTask implements Runnable {
    private final long millis;
    private final LongAdder done;

    public RemoteTask(long millis, LongAdder done) {
        this.millis = millis;
        this.done = done;
    }

    @Override
    public void run() {
        try {
            Work.remoteCall(millis);
            done.increment();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
