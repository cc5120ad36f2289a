// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairRoomTest {
    private record Wait(String lock, long nanos) {}

    private final FairRoom<Wait> room = new FairRoom<>(Wait::lock, Wait::nanos);

    @Test
    void longWaitsOfOneLockDoNotPushOutTheShortOnesOfAnother() {
        for (int i = 0; i < 1_000; i++) {
            room.add(new Wait("long", 1_000_000 + i), 10);
            room.add(new Wait("short", i), 10);
        }
        room.fit(10);

        assertThat(longest("long"))
                .containsExactlyInAnyOrder(1_000_999L, 1_000_998L, 1_000_997L, 1_000_996L, 1_000_995L);
        assertThat(longest("short")).containsExactlyInAnyOrder(999L, 998L, 997L, 996L, 995L);
    }

    @Test
    void whatOneLockDoesNotNeedIsForTheOthers() {
        room.add(new Wait("rare", 1), 10);
        for (int i = 0; i < 1_000; i++) {
            room.add(new Wait("often", 100 + i), 10);
        }
        room.fit(10);

        assertThat(longest("rare")).containsExactly(1L);
        assertThat(longest("often")).hasSize(9);
    }

    @Test
    void whatGoesIsCounted() {
        int gone = 0;
        for (int i = 0; i < 1_000; i++) {
            gone += room.add(new Wait("any" + i % 300, i), 10);
        }
        gone += room.fit(10);

        assertThat(room.stream()).hasSize(1_000 - gone).hasSize(10);
    }

    /** What is refused at once would have gone in the end. */
    @Test
    void whatIsKeptDoesNotDependOnWhatWentBefore() {
        Random random = new Random(7);
        List<Wait> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String lock = "lock" + (int) Math.abs(random.nextGaussian() * 4);
            all.add(new Wait(lock, i < 500 ? 5_000_000 + i : random.nextInt(1_000) * 5_000L + i));
        }
        FairRoom<Wait> atOnce = new FairRoom<>(Wait::lock, Wait::nanos);
        int gone = 0;
        for (Wait each : all) {
            gone += room.add(each, 40);
            atOnce.add(each, all.size());
        }
        gone += room.fit(40);
        atOnce.fit(40);

        assertThat(room.stream()).containsExactlyInAnyOrderElementsOf(atOnce);
        assertThat(gone).isEqualTo(5_000 - 40);
    }

    private List<Long> longest(String lock) {
        return room.stream()
                .filter(wait -> wait.lock().equals(lock))
                .map(Wait::nanos)
                .toList();
    }
}
