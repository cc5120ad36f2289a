// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StopsTest {
    private final Stops stops = new Stops("4711 (Shop)");

    @Test
    void tellsOfAStopOnceAndOfItsEnd() {
        assertThat(looks(true, true, true)).isEmpty();
        assertThat(looks(true))
                .isEqualTo("4711 (Shop) is stopped, by a signal or a debugger, and answers nothing until it goes on"
                        + " (kill -CONT).");
        assertThat(looks(true, true, true, true, true)).isEmpty();
        assertThat(looks(false)).isEqualTo("4711 (Shop) goes on.");
        assertThat(looks(false, false)).isEmpty();
    }

    @Test
    void saysNothingOfStopsForAMoment() {
        assertThat(looks(true, true, true, false, true, true, true, false)).isEmpty();
    }

    private String looks(Boolean... stopped) {
        return String.join("", Stream.of(stopped).map(stops::look).toList());
    }
}
