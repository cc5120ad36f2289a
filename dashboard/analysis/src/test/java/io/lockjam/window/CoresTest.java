// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final Session session = new Session(LockNaming.NONE, Limits.DEFAULT);

    @Test
    void aQuotaThatNoKernelGrantsIsDamage() {
        quota(0, 1.5);
        quota(1, 2e-319);

        assertThat(session.cores(session.kept())).isEqualTo(1.5);
    }

    private void quota(int second, double cores) {
        session.accept(
                new Fact.OsUsage(AT.plusSeconds(second).plusMillis(900), Duration.ofMillis(500), List.of(), -1, cores));
    }
}
