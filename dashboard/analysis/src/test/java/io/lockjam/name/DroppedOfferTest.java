// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DroppedOfferTest {
    private final DroppedOffer offers = new DroppedOffer(LookLoopTest::bytes);

    private Optional<Frame> of(String field) {
        return offers.of(Offers.class.getName() + "." + field);
    }

    @Test
    void anAnswerThatNobodyLooksAtIsFoundInALambdaToo() {
        assertThat(of("mail")).hasValueSatisfying(at -> {
            assertThat(at.method()).contains("sender");
            assertThat(at.line()).isPositive();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"counted", "latest", "first", "unknown"})
    void whoLooksOrMakesRoomOrWantsTheFirstLosesNothing(String field) {
        assertThat(of(field)).isEmpty();
    }
}
