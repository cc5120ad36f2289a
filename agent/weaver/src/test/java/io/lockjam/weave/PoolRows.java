// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.LockRow;
import io.lockjam.boot.PoolRow;
import io.lockjam.boot.QueueRow;
import io.lockjam.boot.Sink;
import java.util.ArrayList;
import java.util.List;

/** The pools of one flush. */
final class PoolRows implements Sink {
    private final List<PoolRow> rows = new ArrayList<>();

    static PoolRows flushed() {
        PoolRows rows = new PoolRows();
        Hooks.flush(1_000_000_000L, rows);
        return rows;
    }

    PoolRow only(String type) {
        assertThat(pools(type)).hasSize(1);
        return pools(type).get(0);
    }

    List<PoolRow> pools(String type) {
        return rows.stream().filter(row -> row.poolClassName().equals(type)).toList();
    }

    @Override
    public void lock(LockRow row) {}

    @Override
    public void queue(QueueRow row) {}

    @Override
    public void pool(PoolRow row) {
        rows.add(row);
    }
}
