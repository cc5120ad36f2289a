// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsTest {
    /** A thread that sleeps now was seen at its queue before: then its place is not known. */
    @ParameterizedTest
    @CsvSource({
        "S, ASLEEP, true",
        "S, IDLE, false",
        "S,, false",
        "R,, true",
        "R, ASLEEP, false",
        "W, IDLE, true",
        "W, ASLEEP, false",
        "L, LOCK, true",
        "L, ASLEEP, false",
        "B,, true",
        "I, IO, true",
        "I, IDLE, false"
    })
    void aStackOfSomethingElseThanTheThreadDoesNowSaysNothing(char letter, Account.Part stack, boolean agrees) {
        assertThat(Parts.agrees(letter, stack)).isEqualTo(agrees);
    }
}
