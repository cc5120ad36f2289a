// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class WaitReaderTest {
    /** As libraries have them: the name of such a class need not tell how it is waited for. */
    private static final class Completion extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        @Override
        protected int tryAcquireShared(int ignored) {
            return getState() == 0 ? -1 : 1;
        }

        @Override
        protected boolean tryAcquire(int ignored) {
            return getState() != 0;
        }
    }

    @Test
    void theSynchroniserOfALibraryIsAskedHowAThreadWaitsForIt() throws InterruptedException {
        Completion completion = new Completion();
        Thread taker = parked(() -> completion.acquire(1));
        Thread reader = parked(() -> completion.acquireShared(1));

        assertThat(new WaitReader(new Faults()).hasModes(completion)).isTrue();
        assertThat(WaitReader.isSharedWaiter(completion, reader)).isTrue();
        assertThat(WaitReader.isSharedWaiter(completion, taker)).isFalse();
        assertThat(new WaitReader(new Faults()).hasModes(new ReentrantLock())).isFalse();
    }

    private static Thread parked(Runnable waits) throws InterruptedException {
        Thread thread = new Thread(waits);
        thread.setDaemon(true);
        thread.start();
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                thread.getState() != Thread.State.WAITING && System.nanoTime() < end; ) {
            Thread.sleep(1);
        }
        return thread;
    }
}
