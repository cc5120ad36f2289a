// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostLinesTest {
    private final LostLines lines = new LostLines(LookLoopTest::bytes);

    @Test
    void theOnlyCallOfTheInnerMethodTellsTheLine() {
        Debts debts = new Debts();
        debts.countsDownInACall();
        int stood = debts.stack[1].getLineNumber();

        Stack found = lines.found(new Stack(List.of(lost("stand"), lost("countsDownInACall"))));
        assertThat(found.frames().get(1).line()).isEqualTo(stood);
        assertThat(found.frames().get(1).file()).isEqualTo("Debts.java");
    }

    @Test
    void aSynchronizedMethodIsEnteredAtItsBegin() {
        Debts debts = new Debts();
        debts.wakes();

        Frame found = lines.found(new Stack(List.of(lost("wakes")))).frames().get(0);
        assertThat(found.line()).isEqualTo(debts.stack[1].getLineNumber()); // its first line is the call
    }

    @Test
    void severalCallsTellNoLineAndKnownOnesStay() {
        Frame inner = new Frame("java.util.concurrent.CountDownLatch", "countDown", null, null, 7, -1);
        Frame known = new Frame(Debts.class.getName(), "open", null, "Debts.java", 3, -1);
        Frame twice = new Frame(Debts.class.getName(), "asksForASecondPermit", null, null, -1, -1);
        Frame release = new Frame("java.util.concurrent.Semaphore", "acquire", null, null, 7, -1);

        assertThat(lines.found(new Stack(List.of(inner, known))).frames()).containsExactly(inner, known);
        assertThat(lines.found(new Stack(List.of(release, twice))).frames()).containsExactly(release, twice);
    }

    private static Frame lost(String method) {
        return new Frame(Debts.class.getName(), method, null, null, -1, -1);
    }
}
