// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmThreadsTest {
    @ParameterizedTest
    @CsvSource({
        "Signal Dispatcher, true, true",
        "VirtualThread-unblocker, true, true",
        "Read-Poller, true, true",
        "Write-SubPoller-3, true, true",
        "MasterPoller, true, true",
        "SubPoller-1, true, true",
        "SubPoller-#, true, true",
        "Common-Cleaner, false, true",
        "JFR Periodic Tasks, false, true",
        "http-Poller, false, false",
        "Poller-1, false, false",
    })
    void knowsTheJvmsOwnByName(String name, boolean standsBy, boolean own) {
        assertThat(JvmThreads.standBy(name)).isEqualTo(standsBy);
        assertThat(JvmThreads.contain(name)).isEqualTo(own);
    }

    /** The timer of virtual threads is an executor. */
    @Test
    void theirPoolsAreNotListed() {
        Session session = new Session(LockNaming.NONE, Limits.DEFAULT);
        session.accept(Given.pool("VirtualThread-unparker", 1, 5, 1));

        assertThat(session.pools(Given.range(0, 2))).isEmpty();
    }
}
