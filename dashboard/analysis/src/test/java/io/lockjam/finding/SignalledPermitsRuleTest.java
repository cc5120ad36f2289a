// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.WaitKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalledPermitsRuleTest {
    private static final LockRef ROOM = new LockRef("java.util.concurrent.Semaphore", "5");

    /** Two producers wait all the time for permits, each of which another thread releases. */
    private static Story producers(Initial begins, String releaser) {
        Story story = new Story();
        story.names.put(ROOM, "com.acme.Buffer.room");
        story.initials.put("com.acme.Buffer.room", begins);
        for (int second = 1; second <= 10; second++) {
            for (int i = 0; i < 4; i++) {
                for (String waiter : new String[] {"producer-1", "producer-2"}) {
                    story.wait(
                            second + i * 0.25,
                            200,
                            WaitKind.SEMAPHORE,
                            ROOM,
                            waiter,
                            null,
                            releaser,
                            Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Buffer.put"),
                            true);
                }
            }
            story.totals(second, WaitKind.SEMAPHORE, ROOM, 8, 1_600, 0, 0);
            story.states(second, Map.of("producer-1", 'L', "producer-2", 'L', "consumer-1", 'S'));
        }
        return story;
    }

    @Test
    void permitsThatOthersReleaseBoundWhatIsUnderWay() {
        Findings findings = producers(Initial.MORE, "consumer-1").check(1, 11);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = findings.found().get(0).text();
        assertThat(text.what()).endsWith(" to permits of Buffer.room, which other threads release.");
        assertThat(text.why()).startsWith("consumer-1 ends the waits");
    }

    @Test
    void whoWaitsForPermitsThatHaveToBeMadeIsIdle() {
        assertThat(producers(Initial.NONE, "consumer-1").kinds(1, 11)).isEmpty();
    }

    /** Released by the burst, they wake each other. */
    @Test
    void whoGetsSuchAPermitMayWakeTheNext() {
        assertThat(producers(Initial.NONE, "producer-2").kinds(1, 11)).isEmpty();
        assertThat(producers(Initial.MORE, "producer-2").kinds(1, 11)).isNotEmpty();
    }

    @Test
    void permitsThatTheWaitersCodeReleasesAreHeldByOneThatDoesNotWait() {
        Story story = producers(Initial.ONE, "consumer-1");
        story.places.add("com.acme.Buffer.put");

        assertThat(story.check(1, 11).found())
                .singleElement()
                .extracting(found -> found.text().what())
                .asString()
                .doesNotContain("other threads release");
    }
}
