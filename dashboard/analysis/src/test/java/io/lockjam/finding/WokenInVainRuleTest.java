// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signals that wake many for one to go on, and those that are for all. */
class WokenInVainRuleTest {
    private static final LockRef STOCK = new LockRef("com.acme.Stock", "57");
    private static final Stack TAKE = Story.stack("java.lang.Object.wait", "com.acme.Stock.take", "com.acme.Eater.run");
    private static final Stack EAT = Story.stack("java.lang.Thread.sleep", "com.acme.Eater.eat");
    private static final Stack COUNT = Story.stack("com.acme.Eater.count");
    private static final int EATERS = 20;

    /** Four thousand wakes a second. */
    private static Story woken(int eatenPerSecond, Stack onCore) {
        Story story = new Story();
        story.wakesAll.add("take");
        for (int second = 0; second < 10; second++) {
            List<Fact.OsThread> rows = new ArrayList<>();
            Map<String, Character> states = new LinkedHashMap<>();
            story.totals(second + 0.9, WaitKind.OBJECT_WAIT, STOCK, 4_000, 15_000, 0, 0);
            for (int i = 0; i < EATERS; i++) {
                String eater = "eater-" + i;
                states.put(eater, 'C');
                story.wait(second + 0.5, 4, WaitKind.OBJECT_WAIT, STOCK, eater, null, "cook", TAKE, false);
                story.did(second + 0.6, 10, eater, Fact.ActivityKind.RUNNING, onCore);
                rows.add(new Fact.OsThread(Story.thread(eater).osId(), 20_000_000, 1_000_000, 200, 1));
            }
            for (int i = 0; i < eatenPerSecond; i++) {
                story.did(second + 0.5 + i / 1e3, 20, "eater-" + i % EATERS, Fact.ActivityKind.SLEEP, EAT);
            }
            story.states(second + 0.2, states);
            story.tell(new Fact.OsUsage(Story.at(second + 0.8), Duration.ofSeconds(1), rows, -1, -1));
        }
        return story;
    }

    @Test
    void oneThatGoesOnForManyThatWaitAgain() {
        List<Finding> found = woken(200, TAKE).check(0, 10).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.BUSY_WAIT);
        Text text = found.get(0).text();
        assertThat(text.what()).contains("20 threads are woken", "all but one in 20 wait again at once", "Stock.take");
        assertThat(text.why()).contains("cook gives it");
        assertThat(text.change()).contains("notify() instead of notifyAll()");
    }

    @Test
    void whoIsWokenAloneIsNotWokenInVain() {
        Story alone = woken(200, TAKE);
        alone.wakesAll.clear();

        assertThat(alone.kinds(0, 10)).isEmpty();
    }

    @Test
    void whoWorksAfterEachWakeIsNotWokenInVain() {
        assertThat(woken(2_000, TAKE).kinds(0, 10)).as("each second wake").isEmpty();
        assertThat(woken(0, TAKE).kinds(0, 10)).as("what they do is not seen").isEmpty();
        assertThat(woken(200, COUNT).kinds(0, 10)).as("computes elsewhere").isEmpty();
    }
}
