// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much time each kept wait stands for, so that those of one lock or queue add up to what its totals say.
 *
 * <p>The long waits are kept first, so their weights alone would say too much. Where no totals came, the weights have to do.
 */
final class KeptShares {
    private final Map<Key, Sum> sums = new HashMap<>();
    private final Memory memory;

    private record Key(LockTable.Entry lock, boolean idle) {}

    private static final class Sum {
        double kept;
        double exact;
    }

    KeptShares(Memory memory, Range range) {
        this.memory = memory;
        for (Second second : memory.in(range)) {
            second.waits.forEach(wait -> sum(wait.lock, wait.idle).kept += wait.nanos);
            second.locks.forEach((lock, cell) -> sum(lock, false).exact += cell.nanos);
            second.queues.forEach(cell -> add(cell.fact()));
        }
    }

    long nanos(Second.KeptWait wait) {
        Sum sum = sum(wait.lock, wait.idle);
        return Math.round(wait.nanos * (sum.exact > 0 && sum.kept > 0 ? sum.exact / sum.kept : 1));
    }

    private void add(Fact.QueueTotals queue) {
        add(WaitKind.QUEUE_PUT, queue.queue(), false, queue.putWaited().toNanos());
        add(WaitKind.QUEUE_TAKE, queue.queue(), false, queue.takeWaited().toNanos());
        add(WaitKind.QUEUE_TAKE, queue.queue(), true, queue.idleTakeWaited().toNanos());
    }

    private void add(WaitKind kind, LockRef queue, boolean idle, long nanos) {
        LockTable.@Nullable Entry lock = memory.locks.peek(kind, queue);
        if (lock != null) {
            sum(lock, idle).exact += nanos;
        }
    }

    private Sum sum(LockTable.Entry lock, boolean idle) {
        return sums.computeIfAbsent(new Key(lock, idle), key -> new Sum());
    }
}
