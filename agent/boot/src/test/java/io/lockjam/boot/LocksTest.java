// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LocksTest {
    /** As the segments of a cache; what an application makes of a question is not asked. */
    private static final class Segment extends ReentrantLock {
        private static final long serialVersionUID = 1;

        @Override
        public boolean isHeldByCurrentThread() {
            throw new AssertionError("called");
        }
    }

    @Test
    void aClassThatExtendsALockIsOne() {
        Segment segment = new Segment();

        assertThat(Locks.isKnown(segment)).isTrue();
        assertThat(Locks.heldByMe(segment)).isFalse();
        segment.lock();
        try {
            assertThat(Locks.heldByMe(segment)).isTrue();
        } finally {
            segment.unlock();
        }
        assertThat(Locks.isKnown(new Object())).isFalse();
    }
}
