// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.PoolRow;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reactor's pool, woven and verified: what it lends, who waits for it without a thread, and what has come back. */
class ReactorPoolWeaveTest {
    private static final String POOL = "reactor.pool.SimpleDequePool";

    @BeforeEach
    void on() {
        Hooks.clear();
        assertThat(Hooks.install()).isEmpty();
        Hooks.preload(false);
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
    }

    @Test
    void countsWhatIsLentAndWhoWaits() throws Exception {
        List<?> actions = (List<?>) ((Supplier<?>) WeavingLoader.of(POOL).make("ReactorLoans")).get();
        Runnable borrow = (Runnable) actions.get(0);
        Runnable giveBack = (Runnable) actions.get(1);
        for (int i = 0; i < 5; i++) {
            borrow.run();
        }
        PoolRow full = PoolRows.flushed().only(POOL);
        assertThat(full.type()).isEqualTo("threads");
        assertThat(full.size()).isEqualTo(2);
        assertThat(full.busy()).isEqualTo(2);
        assertThat(full.queueDepth()).isEqualTo(3);

        giveBack.run(); // and lends it to the next
        PoolRow next = PoolRows.flushed().only(POOL);
        assertThat(next.completions()).isEqualTo(1);
        assertThat(next.busy()).isEqualTo(2);
        assertThat(next.queueDepth()).isEqualTo(2);
        assertThat(Hooks.status().faults()).isZero();
    }
}
