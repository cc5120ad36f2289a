// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a thread can wait for; the id is the word used in events, reports and URLs. */
public enum WaitKind {
    MONITOR("monitor"),
    OBJECT_WAIT("object-wait"),
    LOCK("lock"),
    READ("read"),
    WRITE("write"),
    STAMPED("stamped"),
    CONDITION("condition"),
    SEMAPHORE("semaphore"),
    LATCH("latch"),
    BARRIER("barrier"),
    PHASER("phaser"),
    EXCHANGER("exchanger"),
    FUTURE("future"),
    JOIN("join"),
    CLASS_INIT("class-init"),
    PARK("park"),
    QUEUE_PUT("queue-put"),
    QUEUE_TAKE("queue-take");

    private static final Map<String, WaitKind> BY_ID =
            Arrays.stream(values()).collect(Collectors.toMap(WaitKind::id, Function.identity()));

    private final String id;

    WaitKind(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }

    /** Whether at most one thread holds it, so that a wait always has an owner. */
    public boolean exclusive() {
        return this == MONITOR || this == LOCK || this == WRITE || this == CLASS_INIT;
    }

    /** Whether it is a lock, held and given back, rather than a signal that threads wait for. */
    public boolean isLock() {
        return exclusive() || this == READ || this == STAMPED || this == SEMAPHORE;
    }

    public boolean isQueue() {
        return this == QUEUE_PUT || this == QUEUE_TAKE;
    }

    /** Empty if no kind has this id: a recording of a newer Lockjam. */
    public static Optional<WaitKind> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
