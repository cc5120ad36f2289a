// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.WaitKind;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.MethodInsnNode;

/** The calls of the JDK that end another thread's wait, where no owner tells who is to make them. */
final class Giving {
    private static final String CONCURRENT = "java/util/concurrent/";
    private static final Pattern TAKING = Pattern.compile("(tryA|a)cquire.*|(try)?([rR]ead|[wW]rite)Lock.*");
    private static final Set<String> PUTS = Set.of("put", "offer", "add", "addAll", "push", "transfer", "tryTransfer");
    private static final Set<String> TAKES = Set.of("take", "poll", "remove", "pop", "clear", "drainTo");

    private static final Set<String> COLLECTIONS =
            Set.of("java/util/Collection", "java/util/Queue", "java/util/Deque", "java/util/AbstractQueue");

    private Giving() {}

    /** The kind of wait that a call ends; null if it ends none. */
    static @Nullable WaitKind ends(MethodInsnNode call) {
        if (call.name.startsWith("notify") && call.desc.equals("()V")) {
            return WaitKind.OBJECT_WAIT;
        }
        if (!call.owner.startsWith(CONCURRENT)) {
            return null;
        }
        String type = call.owner.substring(CONCURRENT.length());
        return switch (type) {
            case "CountDownLatch" -> when(call.name.equals("countDown"), WaitKind.LATCH);
            case "Semaphore" -> when(call.name.equals("release"), WaitKind.SEMAPHORE);
            case "CyclicBarrier" -> when(call.name.equals("await"), WaitKind.BARRIER);
            case "Phaser" -> when(call.name.startsWith("arrive"), WaitKind.PHASER);
            case "Exchanger" -> when(call.name.equals("exchange"), WaitKind.EXCHANGER);
            case "CompletableFuture" ->
                when(call.name.startsWith("complete") || call.name.equals("cancel"), WaitKind.FUTURE);
            case "CompletionService", "ExecutorCompletionService" ->
                when(call.name.equals("submit"), WaitKind.QUEUE_TAKE);
            case "locks/Condition" -> when(call.name.startsWith("signal"), WaitKind.CONDITION);
            case "locks/StampedLock" -> when(call.name.startsWith("unlock"), WaitKind.STAMPED);
            default -> type.endsWith("Queue") || type.endsWith("Deque") ? ofQueue(call.name) : null;
        };
    }

    /** Whether a call that knows no more than a collection may put something into a queue. */
    static boolean mayPut(MethodInsnNode call) {
        return COLLECTIONS.contains(call.owner) && PUTS.contains(plain(call.name));
    }

    /** Whether a call takes what one of {@link #ends} gives back, or tries to. */
    static boolean takes(MethodInsnNode call, WaitKind kind) {
        if (kind == WaitKind.QUEUE_TAKE) {
            return ends(call) == WaitKind.QUEUE_PUT;
        }
        String type = kind == WaitKind.SEMAPHORE ? "Semaphore" : kind == WaitKind.STAMPED ? "locks/StampedLock" : "";
        return call.owner.equals(CONCURRENT + type) && TAKING.matcher(call.name).matches();
    }

    private static @Nullable WaitKind ofQueue(String method) {
        String plain = plain(method);
        return PUTS.contains(plain) ? WaitKind.QUEUE_TAKE : when(TAKES.contains(plain), WaitKind.QUEUE_PUT);
    }

    private static String plain(String method) {
        return method.replaceFirst("(First|Last)$", "");
    }

    private static @Nullable WaitKind when(boolean it, WaitKind kind) {
        return it ? kind : null;
    }
}
