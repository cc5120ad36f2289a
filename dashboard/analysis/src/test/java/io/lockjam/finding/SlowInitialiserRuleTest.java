// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Threads that stand still while another initialises a class. */
class SlowInitialiserRuleTest {
    private static final Stack INITIALISES =
            Story.stack("java.lang.Thread.sleep", "com.acme.Tariff.<clinit>", "com.acme.Order.price");

    /** What the code uses at the line where the others stand. */
    private static Story story(String uses, String reason) {
        Story story = new Story();
        story.initialised.put("total", uses);
        for (int second = 1; second <= 9; second++) {
            story.states(second, Map.of("order-1", 'S', "order-2", 'R', "order-3", 'R'));
            story.did(second, 990, "order-1", Fact.ActivityKind.SLEEP, INITIALISES);
            for (String waiter : List.of("order-2", "order-3")) {
                story.seen(second, waiter, reason, "RUNNABLE", Story.stack("com.acme.Order.total"));
            }
        }
        return story;
    }

    @Test
    void theClassAndWhoInitialisesItAreNamed() {
        List<Finding> found =
                story("class com.acme.Tariff", "stands").check(0, 9.5).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what())
                .startsWith("2 threads wait for the class Tariff to be initialised, which order-1 does (1");
        assertThat(text.why()).contains("Tariff.<clinit>", "at Order.total", "It was last seen at Tariff.<clinit>");
        assertThat(found.get(0).details().threads()).containsExactlyInAnyOrder("order-2", "order-3");
    }

    @Test
    void whoUsesAnotherClassOrRunsDoesNotWaitForIt() {
        assertThat(story("class com.acme.Tax", "stands").kinds(0, 9.5)).isEmpty();
        assertThat(story("class com.acme.Tariff", "asleep").kinds(0, 9.5)).isEmpty();
    }
}
