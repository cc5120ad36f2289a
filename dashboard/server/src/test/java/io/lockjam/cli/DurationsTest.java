// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class DurationsTest {
    private final Durations durations = new Durations();

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "5m, PT5M", "1h, PT1H", "90S, PT90S", "876000h, PT876000H"})
    void readsSecondsMinutesAndHours(String text, Duration length) {
        assertThat(durations.convert(text)).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-5s", "0s", "1.5h", "1d", "99999999999s", "999999999h", "5 m"})
    void namesWhatItExpectsAndWhatItGot(String text) {
        assertThatThrownBy(() -> durations.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("30s, 5m or 1h")
                .hasMessageContaining("'" + text + "'");
    }
}
