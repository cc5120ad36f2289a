// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ThreadTableTest {
    private final ThreadTable table = new ThreadTable();
    private int ids;

    private ThreadRef lives(String name, double from, double to, boolean endIsTold) {
        ThreadRef ref = table.seen(new ThreadRef(++ids, name, false, -1), (long) to);
        ThreadTable.Entry entry = Objects.requireNonNull(table.byId(ref.id()));
        entry.started = at(from);
        entry.ended = endIsTold ? at(to) : null;
        return ref;
    }

    private static Instant at(double seconds) {
        return Instant.ofEpochMilli(Math.round(seconds * 1_000));
    }

    private boolean parted(double pause, boolean lastEndIsTold) {
        ThreadRef first = lives("first", 9, 9.1, true);
        ThreadRef then = lives("then", 9.2, 9.3, true);
        for (int i = 0; i < 10; i++) {
            lives("first", 10 + 0.1 * i, 10.05 + 0.1 * i - pause, i != 8 || lastEndIsTold);
            lives("then", 10.05 + 0.1 * i, 10.1 + 0.1 * i - pause, true);
        }
        return table.parted(first, then);
    }

    @Test
    void threadsThatComeOneAfterTheOtherAreParted() {
        assertThat(parted(0.001, true)).isTrue();
    }

    @Test
    void anEndThatWasNotToldIsNoLifeForEver() {
        assertThat(parted(0.001, false)).isTrue();
    }

    @Test
    void threadsThatLiveAtOneTimeAreNot() {
        assertThat(parted(-0.02, true)).isFalse();
    }

    @Test
    void oneThatIsStillSeenLaterLives() {
        lives("first", 8, 14, false);
        assertThat(parted(0.001, true)).isFalse();
    }
}
