// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class StragglerRuleTest {
    private static final int PARTIES = 4;
    private static final LockRef BARRIER = new LockRef("java.util.concurrent.CyclicBarrier", "d4");
    private static final Stack AWAIT = Story.stack("java.util.concurrent.CyclicBarrier.await", "com.acme.Grid.step");
    private static final Stack READ = Story.stack("java.lang.Thread.sleep", "com.acme.Grid.border");

    /** Two rounds a second; the last one wakes one of the others, which wakes the next. */
    private static Story rounds(IntUnaryOperator lastOf) {
        Story story = new Story();
        for (int round = 0; round < 20; round++) {
            int last = lastOf.applyAsInt(round);
            double end = 0.5 * (round + 1);
            String waker = "part-" + last;
            story.did(end - 0.001, 400, waker, Fact.ActivityKind.SLEEP, READ);
            for (int step = 1; step < PARTIES; step++) {
                String waiter = "part-" + (last + step) % PARTIES;
                story.wait(end + 0.0003 * step, 400, WaitKind.BARRIER, BARRIER, waiter, null, waker, AWAIT, true);
                waker = waiter;
            }
        }
        return story;
    }

    @Test
    void namesTheOneThatAllWaitFor() {
        List<Finding> found = rounds(round -> round == 7 ? 1 : 3).check(0, 11).found();

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.LOCK_CONTENTION);
        Text text = found.get(0).text();
        assertThat(text.what()).startsWith("part-3 comes last to CyclicBarrier").contains("in 19 of 20 rounds");
        assertThat(text.why()).contains("sleeps at Grid.border");
    }

    @Test
    void evenPartiesComeLastInTurn() {
        assertThat(rounds(round -> round % PARTIES).check(0, 11).found()).isEmpty();
    }
}
