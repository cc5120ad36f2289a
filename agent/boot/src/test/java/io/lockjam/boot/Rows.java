// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.ArrayList;
import java.util.List;

/** Keeps the rows of one flush. */
final class Rows implements Sink {
    final List<LockRow> locks = new ArrayList<>();
    final List<QueueRow> queues = new ArrayList<>();
    final List<PoolRow> pools = new ArrayList<>();

    static Rows flushed() {
        Rows rows = new Rows();
        Hooks.flush(1_000_000_000L, rows);
        return rows;
    }

    /** The only lock row of this kind. */
    LockRow lock(String kind) {
        List<LockRow> found =
                locks.stream().filter(row -> row.kind().equals(kind)).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one row of " + kind + " in " + locks);
        }
        return found.get(0);
    }

    @Override
    public void lock(LockRow row) {
        locks.add(row);
    }

    @Override
    public void queue(QueueRow row) {
        queues.add(row);
    }

    @Override
    public void pool(PoolRow row) {
        pools.add(row);
    }
}
