// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pins that have ended. */
class VirtualThreadPinnedRuleTest {
    @Test
    void pinnedCarriersAreTold() {
        Story story = new Story();
        Story once = new Story();
        Stack stack = Story.stack("com.acme.Native.call");
        for (int i = 0; i < 20; i++) {
            story.did(i * 0.4 + 0.5, 50, "v", Fact.ActivityKind.PINNED, stack);
        }
        once.did(1, 100, "v", Fact.ActivityKind.PINNED, stack);

        assertThat(story.kinds(0, 10)).containsExactly("virtual-thread-pinned");
        assertThat(once.kinds(0, 10)).isEmpty();
    }

    @Test
    void onePinOfASecondIsFeltAndOneOfAMomentIsNot() {
        Stack loads = Story.stack("java.lang.Thread.sleep", "com.acme.Tariff.<clinit>");
        for (int millis : new int[] {700, 3_000}) {
            Story story = new Story();
            story.states(1, Map.of("ForkJoinPool-1-worker-1", 'R'));
            story.did(8, millis, "order-1", Fact.ActivityKind.PINNED, loads);
            assertThat(story.kinds(0, 10).contains("virtual-thread-pinned")).isEqualTo(millis == 3_000);
        }
    }
}
