// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    void theSynchroniserOfALibraryIsAskedHowAThreadWaitsForIt() {
        Completion completion = new Completion();
        Thread taker = parked(() -> completion.acquire(1));
        Thread reader = parked(() -> completion.acquireShared(1));

        assertThat(new WaitReader(new Faults()).hasModes(completion)).isTrue();
        assertThat(WaitReader.isSharedWaiter(completion, reader)).isTrue();
        assertThat(WaitReader.isSharedWaiter(completion, taker)).isFalse();
        assertThat(new WaitReader(new Faults()).hasModes(new ReentrantLock())).isFalse();
    }

    private static Thread parked(Runnable waits) {
        Thread thread = new Thread(waits);
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }
}
