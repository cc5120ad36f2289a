// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Set;

/** What a parked thread waits for, from the class of its blocker and, where that leaves it open, from its stack. */
final class ParkKind {
    private static final String CONCURRENT = "java.util.concurrent.";

    /** Names of the queues' methods that wait for room. */
    private static final Set<String> PUTS =
            Set.of("put", "putFirst", "putLast", "offer", "offerFirst", "offerLast", "transfer");

    /** Names of the queues' methods that wait for an element. */
    private static final Set<String> TAKES = Set.of("take", "takeFirst", "takeLast", "poll", "pollFirst", "pollLast");

    private ParkKind() {}

    static WaitKind of(String blocker, Stack stack) {
        if (!blocker.startsWith(CONCURRENT)) {
            return blocker.isEmpty() ? queue(stack, WaitKind.PARK) : WaitKind.PARK;
        }
        return switch (simple(blocker)) {
            case "ReentrantLock" -> WaitKind.LOCK;
            case "ReentrantReadWriteLock" -> readOrWrite(stack);
            case "StampedLock" -> WaitKind.STAMPED;
            case "Semaphore" -> WaitKind.SEMAPHORE;
            case "CountDownLatch" -> WaitKind.LATCH;
            case "Phaser" -> WaitKind.PHASER;
            case "Exchanger" -> WaitKind.EXCHANGER;
            case "FutureTask", "CompletableFuture", "ForkJoinTask" -> WaitKind.FUTURE;
            case "AbstractQueuedSynchronizer", "AbstractQueuedLongSynchronizer" -> condition(stack);
            default -> queue(stack, WaitKind.PARK);
        };
    }

    /** Whether a pool's worker waits for work. */
    static boolean idle(String blocker, Stack stack) {
        return blocker.startsWith(CONCURRENT + "ForkJoinPool")
                || blocker.startsWith(CONCURRENT + "ThreadPoolExecutor$Worker")
                || calls(stack, CONCURRENT + "ThreadPoolExecutor", "getTask")
                || calls(stack, CONCURRENT + "ForkJoinPool", "awaitWork")
                || (calls(stack, CONCURRENT + "ForkJoinPool", "runWorker")
                        && stack.site().map(Frame::isJdk).orElse(true));
    }

    static boolean calls(Stack stack, String className, String method) {
        return stack.frames().stream()
                .anyMatch(frame ->
                        frame.className().equals(className) && frame.method().equals(method));
    }

    private static String simple(String blocker) {
        String name = blocker.substring(blocker.lastIndexOf('.') + 1);
        int inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }

    private static WaitKind readOrWrite(Stack stack) {
        return stack.frames().stream().anyMatch(frame -> frame.className().endsWith("ReentrantReadWriteLock$ReadLock"))
                ? WaitKind.READ
                : WaitKind.WRITE;
    }

    private static WaitKind condition(Stack stack) {
        return calls(stack, CONCURRENT + "CyclicBarrier", "dowait")
                ? WaitKind.BARRIER
                : queue(stack, WaitKind.CONDITION);
    }

    /** The queue's method nearest to the park decides. */
    private static WaitKind queue(Stack stack, WaitKind otherwise) {
        for (Frame frame : stack.frames()) {
            if (!frame.isJdk()) {
                return otherwise;
            }
            boolean queue = frame.className().startsWith(CONCURRENT)
                    && (frame.className().contains("Queue") || frame.className().contains("Deque"))
                    && !frame.className().contains("Synchronizer");
            if (queue && PUTS.contains(frame.method())) {
                return WaitKind.QUEUE_PUT;
            }
            if (queue && TAKES.contains(frame.method())) {
                return WaitKind.QUEUE_TAKE;
            }
        }
        return otherwise;
    }
}
