// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.LockRow;
import io.lockjam.boot.PoolRow;
import io.lockjam.boot.QueueRow;
import io.lockjam.boot.Sink;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.PoolTotalsEvent;
import io.lockjam.event.QueueTotalsEvent;
import java.lang.reflect.RecordComponent;
import java.util.function.Consumer;

/** Makes rows of the hooks' totals; the components of their records are named as the fields of the events. */
final class RowTotals implements Sink {
    private final Consumer<Row> to;

    RowTotals(Consumer<Row> to) {
        this.to = to;
    }

    @Override
    public void lock(LockRow row) {
        to.accept(row(LockTotalsEvent.NAME, row).put("sampled", false));
    }

    @Override
    public void queue(QueueRow row) {
        to.accept(row(QueueTotalsEvent.NAME, row));
    }

    @Override
    public void pool(PoolRow row) {
        to.accept(row(PoolTotalsEvent.NAME, row));
    }

    private static Row row(String event, Record values) {
        Row row = new Row(event);
        try {
            for (RecordComponent each : values.getClass().getRecordComponents()) {
                row.put(each.getName(), each.getAccessor().invoke(values));
            }
        } catch (ReflectiveOperationException impossible) { // public records with public accessors
            throw new IllegalStateException(impossible);
        }
        return row;
    }
}
