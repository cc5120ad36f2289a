// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.control.FactRow;
import io.lockjam.event.NameEvent;
import io.lockjam.event.OsUsageEvent;
import io.lockjam.event.StoppedEvent;
import io.lockjam.model.Fact;
import io.lockjam.source.ThreadTexts;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Facts that are found out here, as rows that the agent can put into the target's recording. */
final class NoteRows {
    private NoteRows() {}

    /** Empty for all facts but names and what the operating system says. */
    static Optional<FactRow> of(Fact fact) {
        if (fact instanceof Fact.Named named) {
            Map<String, Object> fields = Map.of("site", named.site(), "lockName", named.name());
            return Optional.of(new FactRow(NameEvent.NAME, nanos(named.at()), fields));
        }
        if (fact instanceof Fact.OsUsage usage) {
            Map<String, Object> fields = Map.of(
                    "rows", ThreadTexts.text(usage.threads()),
                    "throttled", usage.throttledNanos(),
                    "quotaCores", usage.quotaCores(),
                    "interval", usage.interval().toNanos());
            return Optional.of(new FactRow(OsUsageEvent.NAME, nanos(usage.at()), fields));
        }
        if (fact instanceof Fact.Pause pause) {
            Map<String, Object> fields =
                    Map.of("cause", pause.cause(), "stopped", pause.took().toNanos());
            return Optional.of(new FactRow(StoppedEvent.NAME, nanos(pause.at()), fields));
        }
        return Optional.empty();
    }

    private static long nanos(Instant at) {
        return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }
}
