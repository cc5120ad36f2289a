// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why locks that are held do not keep two threads apart. */
class RaceLocksTest {
    private static final String LOCK = "java.util.concurrent.locks.ReentrantLock";

    private static String words(List<String> first, List<String> second) {
        Fact.Access one =
                new Fact.Access(Story.thread("caller"), true, null, Story.stack("com.acme.Limits.spend"), first);
        Fact.Access other =
                new Fact.Access(Story.thread("refill"), true, null, Story.stack("com.acme.Limits.refill"), second);
        return RaceLocks.words(new Fact.RaceSeen(
                Story.at(1), "com.acme.Limits.budget", "field", "caught", "1", one, other, null, null));
    }

    @Test
    void twoObjectsOfOneClassAreTwoLocks() {
        assertThat(words(List.of(LOCK + "@1a"), List.of(LOCK + "@2b")))
                .isEqualTo(
                        "They hold no lock in common: each holds a lock of class ReentrantLock, but not the same one.");
    }

    @Test
    void differentLocksAreNamed() {
        assertThat(words(List.of("com.acme.Login.class@1"), List.of("com.acme.Payment.class@2", LOCK + "@3")))
                .isEqualTo(
                        "They hold no lock in common: caller holds Login.class, refill Payment.class and ReentrantLock.");
        assertThat(words(List.of(LOCK + "@1a"), List.of()))
                .isEqualTo("They hold no lock in common: caller holds ReentrantLock, refill none that we know of.");
    }

    @Test
    void whatIsNotClearIsNotSaid() {
        assertThat(words(List.of(), List.of())).isEqualTo("Neither holds a lock that we know of.");
        assertThat(words(List.of(LOCK + "@1a"), List.of(LOCK + "@1a"))).isEqualTo("They hold no lock in common.");
        assertThat(words(List.of("java.util.Collections$SynchronizedMap@1"), List.of()))
                .isEqualTo("They hold no lock in common.");
    }
}
