// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueHooksTest {
    private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();

    @BeforeEach
    void on() {
        Hooks.install();
        Hooks.clear();
        Hooks.enable(true);
        queue.add("one");
        queue.add("two");
    }

    @AfterEach
    void off() {
        QueueHooks.search(false);
        Hooks.enable(false);
        Hooks.clear();
    }

    @Test
    void aQueueFoundByASearchHasItsDepthInEverySecondFromThenOn() {
        QueueHooks.search(true);
        QueueHooks.seen(queue, QueueHooks.PUT);
        QueueHooks.seen(queue, QueueHooks.TAKE);
        QueueHooks.search(false);
        queue.add("three");

        for (int second = 0; second < 100; second++) {
            assertThat(Rows.flushed().queues).singleElement().satisfies(row -> {
                assertThat(row.depth()).isEqualTo(3);
                assertThat(row.putWaited() + row.takeWaited()).isZero();
            });
        }
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void nothingIsLookedForOutsideASearch() {
        QueueHooks.seen(queue, QueueHooks.PUT);

        assertThat(Rows.flushed().queues).isEmpty();
    }

    @Test
    void aSearchEndsWithTheQueuesThatItMayFind() {
        QueueHooks.search(true);
        for (int i = 0; i < 1_000; i++) {
            QueueHooks.seen(new LinkedBlockingQueue<>(), QueueHooks.PUT);
        }
        QueueHooks.seen(queue, QueueHooks.PUT);

        assertThat(Rows.flushed().queues).hasSizeLessThanOrEqualTo(200).noneMatch(row -> row.depth() > 0);
    }
}
