// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** Waits for an element, or for room, in each blocking queue of the JDK. */
final class QueueWaits {
    private static final int WAITERS = 3;

    private QueueWaits() {}

    static void arrayTake(Rounds rounds) {
        take(rounds, new ArrayBlockingQueue<>(1));
    }

    static void arrayPut(Rounds rounds) {
        put(rounds, new ArrayBlockingQueue<>(1));
    }

    static void linkedTake(Rounds rounds) {
        take(rounds, new LinkedBlockingQueue<>());
    }

    static void linkedPut(Rounds rounds) {
        put(rounds, new LinkedBlockingQueue<>(1));
    }

    static void dequeTake(Rounds rounds) {
        take(rounds, new LinkedBlockingDeque<>());
    }

    static void dequePut(Rounds rounds) {
        put(rounds, new LinkedBlockingDeque<>(1));
    }

    static void priorityTake(Rounds rounds) {
        take(rounds, new PriorityBlockingQueue<>());
    }

    static void synchronousTake(Rounds rounds) {
        take(rounds, new SynchronousQueue<>());
    }

    static void synchronousPut(Rounds rounds) {
        put(rounds, new SynchronousQueue<>());
    }

    static void transferTake(Rounds rounds) {
        take(rounds, new LinkedTransferQueue<>());
    }

    static void transferPut(Rounds rounds) {
        LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
        receive(rounds, queue);
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(() -> queue.transfer(1)));
        }
    }

    static void delayTake(Rounds rounds) {
        DelayQueue<Due> queue = new DelayQueue<>();
        rounds.repeat(() -> {
            Rounds.hold();
            queue.add(new Due(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Rounds.HOLD_MILLIS)));
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(queue::take));
        }
    }

    private static void take(Rounds rounds, BlockingQueue<Integer> queue) {
        rounds.repeat(() -> {
            Rounds.hold();
            boolean unused = queue.offer(1); // full or nobody there: they get the next one
        });
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(queue::take));
        }
    }

    private static void put(Rounds rounds, BlockingQueue<Integer> queue) {
        receive(rounds, queue);
        for (int i = 0; i < WAITERS; i++) {
            rounds.repeat(() -> rounds.measure(() -> queue.put(1)));
        }
    }

    /** Polls, and so never waits itself. */
    private static void receive(Rounds rounds, BlockingQueue<Integer> queue) {
        rounds.repeat(() -> {
            Rounds.hold();
            Integer unused = queue.poll();
        });
    }

    /** An element whose time comes. */
    private record Due(long atNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
