// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static io.lockjam.window.Given.at;
import static io.lockjam.window.Given.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockjam.model.Fact;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pools that show by their threads only. */
class WorkerGroupsTest {
    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void threadsOfOneNameThatWorkAtTimesAreAPool() {
        tell(0, "WWR", "worker");
        tell(1, "WRR", "worker");
        tell(2, "WWW", "worker");

        assertThat(WorkerGroups.besidePools(session, range(0, 3)))
                .singleElement()
                .satisfies(pool -> {
                    assertThat(pool.name()).isEqualTo("worker-#");
                    assertThat(pool.type()).isEqualTo("workers");
                    assertThat(pool.size()).isEqualTo(3);
                    assertThat(pool.busies()).containsExactly(1, 2, 0);
                    assertThat(pool.busyMax()).isEqualTo(2);
                    assertThat(pool.busyMean()).isEqualTo(1);
                    assertThat(pool.utilisation()).isCloseTo(1 / 3.0, within(1e-9));
                });
    }

    @Test
    void threadsThatNeverWorkOrNeverWaitForWorkAreNone() {
        tell(0, "WWW", "cleaner");
        assertThat(WorkerGroups.besidePools(session, range(0, 1))).isEmpty();

        tell(1, "RRR", "caller");
        assertThat(WorkerGroups.besidePools(session, range(1, 2))).isEmpty();
    }

    @Test
    void oneThreadIsNoPool() {
        tell(0, "W", "loop");
        tell(1, "R", "loop");

        assertThat(WorkerGroups.besidePools(session, range(0, 2))).isEmpty();
    }

    private void tell(double second, String letters, String name) {
        Map<Long, Character> states = new HashMap<>();
        Map<Long, String> names = new HashMap<>();
        for (int i = 0; i < letters.length(); i++) {
            states.put((long) i + 1, letters.charAt(i));
            names.put((long) i + 1, name + "-" + i);
        }
        session.accept(new Fact.ThreadStates(at(second + 0.1), (long) second, states, names, -1, 0, 1));
    }
}
