// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private final LockTable table = new LockTable();

    @Test
    void keepsOneEntryForEachObjectAndMode() {
        Object lock = new Object();
        LockStat stat = table.find(lock, Kind.EXCLUSIVE);
        assertThat(table.find(lock, Kind.EXCLUSIVE)).isSameAs(stat);
        assertThat(table.find(lock, Kind.SHARED)).isNotSameAs(stat);
        assertThat(table.find(new Object(), Kind.EXCLUSIVE)).isNotSameAs(stat);
        assertThat(table.peek(lock, Kind.EXCLUSIVE)).isSameAs(stat);
        assertThat(table.peek(new Object(), Kind.EXCLUSIVE)).isNull();
    }

    @Test
    void sumsByKindWhatFindsNoRoom() {
        List<Object> locks = new ArrayList<>();
        for (int i = 0; i < 3 * LockTable.SLOTS; i++) {
            locks.add(new Object());
        }
        locks.forEach(lock -> table.find(lock, Kind.EXCLUSIVE));

        assertThat(table.dropped.get()).isGreaterThanOrEqualTo(2L * LockTable.SLOTS);
        assertThat(locks)
                .anySatisfy(lock ->
                        assertThat(table.find(lock, Kind.EXCLUSIVE)).isSameAs(table.overflow(Kind.LOCK.index())));
    }

    @Test
    void keepsAnEntryWhileSomebodyWaits() {
        Object lock = new Object();
        LockStat stat = table.find(lock, Kind.EXCLUSIVE);
        stat.waiting.getAndIncrement();
        assertThat(table.remove(slotOf(stat), stat)).isFalse();
        stat.waiting.getAndDecrement();
        assertThat(table.remove(slotOf(stat), stat)).isTrue();
        assertThat(table.peek(lock, Kind.EXCLUSIVE)).isNull();
        assertThat(table.find(lock, Kind.EXCLUSIVE)).isNotSameAs(stat);
    }

    private int slotOf(LockStat stat) {
        for (int slot = 0; slot < LockTable.SLOTS; slot++) {
            if (table.at(slot) == stat) {
                return slot;
            }
        }
        throw new AssertionError("not in the table");
    }
}
