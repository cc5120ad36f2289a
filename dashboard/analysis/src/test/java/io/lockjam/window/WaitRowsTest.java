// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitRowsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Range MINUTE = new Range(START, START.plusSeconds(60));
    private static final ThreadRef OWNER = new ThreadRef(1, "owner", false, 1_001);

    private String name = "";
    private final Session session =
            new Session((kind, lock, stack) -> name.isEmpty() ? Optional.empty() : Optional.of(name), Limits.DEFAULT);

    private void waits(WaitKind kind, String lock, int waiter, Duration waited, int second, Frame site) {
        session.accept(new Fact.WaitEnded(
                START.plusSeconds(second),
                waited,
                kind,
                new LockRef(lock, "a1"),
                new ThreadRef(waiter, "worker-" + waiter, false, 1_000 + waiter),
                null,
                OWNER,
                new Stack(List.of(site)),
                1,
                true,
                true));
    }

    private static Frame frame(String method, int bytecodeIndex) {
        return new Frame("com.acme.Cache", method, "()V", "Cache.java", 42, bytecodeIndex);
    }

    @Test
    void otherWaitsDoNotCrowdOutThoseAskedFor() {
        for (int i = 0; i < 50; i++) {
            waits(WaitKind.MONITOR, "com.acme.Slow", 10 + i, Duration.ofSeconds(1), 1 + i % 5, frame("slow", 0));
        }
        waits(WaitKind.MONITOR, "com.acme.Quick", 2, Duration.ofMillis(1), 3, frame("quick", 0));
        String quick = session.locks(MINUTE).get(1).id();

        assertThat(session.waits(MINUTE, WaitQuery.all(10).forLock(quick))).hasSize(1);
        assertThat(session.waits(MINUTE, WaitQuery.all(10).by(2)))
                .singleElement()
                .satisfies(wait -> assertThat(wait.lock().className()).isEqualTo("com.acme.Quick"));
    }

    @Test
    void aLinkMadeBeforeTheNameWasKnownLeadsToTheSameLock() {
        waits(WaitKind.MONITOR, "com.acme.Cache", 2, Duration.ofMillis(5), 1, frame("get", 0));
        String before = session.locks(MINUTE).get(0).id();
        name = "com.acme.Cache.lock";
        waits(WaitKind.MONITOR, "com.acme.Cache", 2, Duration.ofMillis(5), 2, frame("put", 0));
        String after = session.locks(MINUTE).get(0).id();

        assertThat(after).isNotEqualTo(before);
        assertThat(session.lockId(before)).isEqualTo(after);
        assertThat(session.lockId(after)).isEqualTo(after);
        assertThat(session.lockId("monitor-unheard-of")).isEqualTo("monitor-unheard-of");
    }

    @Test
    void oneLineIsOneSiteWhateverItsInstruction() {
        waits(WaitKind.MONITOR, "com.acme.Cache", 2, Duration.ofMillis(5), 1, frame("get", 3));
        waits(WaitKind.MONITOR, "com.acme.Cache", 3, Duration.ofMillis(5), 2, frame("get", -1));

        LockWindow lock = session.locks(MINUTE).get(0);

        assertThat(lock.sites())
                .singleElement()
                .satisfies(site -> assertThat(site.waits()).isEqualTo(2));
        assertThat(lock.blame()).hasSize(1);
    }
}
