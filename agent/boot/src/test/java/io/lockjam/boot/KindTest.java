// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import org.junit.jupiter.api.Test;

/** What libraries build of the JDK's synchroniser. */
class KindTest {
    private static final class CompletionLatch extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;
    }

    private static final class LimitLatch extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;
    }

    private static final class Turns extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;
    }

    @Test
    void whatCallsItselfALatchIsNoSemaphore() {
        assertThat(Kind.of(new CompletionLatch(), Kind.SHARED)).isEqualTo(Kind.LATCH);
        assertThat(Kind.of(new LimitLatch(), Kind.SHARED)).isEqualTo(Kind.SEMAPHORE);
        assertThat(Kind.of(new Turns(), Kind.SHARED)).isEqualTo(Kind.SEMAPHORE);
        assertThat(Kind.of(new Turns(), Kind.EXCLUSIVE)).isEqualTo(Kind.LOCK);
    }
}
