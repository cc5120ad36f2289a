// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of finding; the ids are stable and each is the name of its help page. */
public enum Kind {
    DEADLOCK("deadlock", "Deadlock"),
    POOL_STARVATION("pool-starvation", "Pool starvation"),
    LOST_WAKEUP("lost-wakeup", "Lost wake-up"),
    DATA_RACE("data-race", "Data race"),
    LOCK_HELD_ACROSS_BLOCKING("lock-held-across-blocking", "Lock held across a blocking call"),
    LOCK_CONVOY("lock-convoy", "Lock convoy"),
    GLOBAL_LOCK("global-lock", "Global lock"),
    LOCK_CONTENTION("lock-contention", "Lock contention"),
    LOCK_ORDER_INVERSION("lock-order-inversion", "Lock order inversion"),
    POOL_QUEUE_GROWTH("pool-queue-growth", "Growing work queue"),
    POOL_REJECTIONS("pool-rejections", "Rejected tasks"),
    POOL_UNDERSIZED("pool-undersized", "Pool too small"),
    POOL_OVERSIZED("pool-oversized", "Pool too large"),
    THREAD_CHURN("thread-churn", "Thread churn"),
    THREAD_LEAK("thread-leak", "Thread leak"),
    QUEUE_BACKLOG("queue-backlog", "Queue backlog"),
    QUEUE_STARVED("queue-starved", "Starved queue"),
    EVENT_LOOP_BLOCKED("event-loop-blocked", "Blocked event loop"),
    VIRTUAL_THREAD_PINNED("virtual-thread-pinned", "Pinned virtual thread"),
    CPU_OVERSUBSCRIBED("cpu-oversubscribed", "Too few cores"),
    BUSY_WAIT("busy-wait", "Busy wait");

    private final String id;
    private final String label;

    Kind(String id, String label) {
        this.id = id;
        this.label = label;
    }

    public String id() {
        return id;
    }

    /** Two or three words for a heading. */
    public String label() {
        return label;
    }

    public static Optional<Kind> of(String id) {
        return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findFirst();
    }
}
