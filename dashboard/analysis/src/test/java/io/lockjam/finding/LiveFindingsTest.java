// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.window.Range;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is shown where the judgement of one thing changes from check to check. */
class LiveFindingsTest {
    private final LiveFindings live = new LiveFindings();

    @Test
    void judgementsOfOneThingThatTakeTurnsAreShownAsOne() {
        for (int second = 0; second < 10; second += 2) {
            check(second, warning("is held for long", "lock-1"));
            check(second + 1, warning("is too small", "lock-1"));
        }

        assertThat(shown()).containsExactly("is held for long");
    }

    @Test
    void aNewOneIsShownOnceTheOldOneIsGone() {
        check(0, warning("is held for long", "lock-1"));
        for (int second = 1; second < 10; second += 4) {
            check(second, warning("is too small", "lock-1"));
        }

        assertThat(shown()).containsExactly("is too small");
    }

    /** Where there is much to look at, checks are further apart. */
    @Test
    void oneOfTheTwoIsAlwaysShown() {
        check(0, warning("is held for long", "lock-1"));
        check(8, warning("is too small", "lock-1"));

        assertThat(shown()).containsExactly("is too small");
    }

    @Test
    void theOneThatIsFoundMoreOftenIsShown() {
        for (int second = 0; second < 20; second++) {
            check(second, warning(second % 4 == 0 ? "is held for long" : "is too small", "lock-1"));
        }

        assertThat(shown()).containsExactly("is too small");
    }

    @Test
    void aWorseOneTakesItsPlaceAtOnce() {
        check(0, warning("is held for long", "lock-1"));
        check(1, new Finding.Deadlock(details("is held for ever", "lock-1"), List.of()));

        assertThat(shown()).containsExactly("is held for ever");
    }

    @Test
    void whatIsFoundTogetherIsShownTogether() {
        check(0, warning("is held for long", "pool-1"), warning("is too small", "pool-1"));

        assertThat(shown()).containsExactlyInAnyOrder("is held for long", "is too small");
    }

    @Test
    void otherThingsAreShownBesides() {
        check(0, warning("is held for long", "lock-1"));
        check(1, warning("is too small", "lock-2"));
        check(2, warning("spins", ""));
        check(3, warning("sleeps", ""));

        assertThat(shown()).containsExactlyInAnyOrder("is held for long", "is too small", "spins", "sleeps");
    }

    @Test
    void oneCheckWithoutItDoesNotEndWhatIsLookedAtRarely() {
        check(0, warning("is held for long", "lock-1"));
        check(8);
        assertThat(shown()).containsExactly("is held for long");
        check(16);
        assertThat(shown()).isEmpty();
    }

    private void check(int second, Finding... found) {
        live.update(new Findings(new Range(Story.at(0), Story.at(second)), List.of(found), List.of()));
    }

    private List<String> shown() {
        return live.open().stream()
                .map(each -> each.finding().details().place())
                .toList();
    }

    private static Finding warning(String says, String windowId) {
        return new Finding.CpuOversubscribed(details(says, windowId));
    }

    private static Details details(String says, String windowId) {
        return new Details(
                says,
                new Range(Story.at(0), Story.at(1)),
                new Subject("lock", "com.acme.Lock", "Lock.lock", "0", windowId),
                new Text(says, "", "", "", "", "", ""),
                new Impact(1, 1),
                List.of(),
                List.of(),
                Map.of(),
                List.of());
    }
}
