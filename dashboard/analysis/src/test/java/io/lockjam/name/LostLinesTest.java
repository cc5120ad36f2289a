// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.function.Supplier;
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
    void theOnlyCallOfAnInterfaceLeadsToALambda() {
        StackTraceElement[] direct = new Runs().once(() -> new Throwable().getStackTrace());
        assertThat(new Runs().twice(() -> 1)).hasSize(2);
        Frame inner = new Frame(LostLinesTest.class.getName(), "lambda$theOnlyCall$0", null, null, 7, -1);
        Frame once = new Frame(Runs.class.getName(), "once", null, null, -1, -1);
        Frame twice = new Frame(Runs.class.getName(), "twice", null, null, -1, -1);
        Frame initialiser = new Frame(Runs.class.getName(), "<clinit>", null, null, 7, -1);

        assertThat(lines.found(new Stack(List.of(inner, once))).frames().get(1).line())
                .isEqualTo(direct[1].getLineNumber());
        assertThat(lines.found(new Stack(List.of(inner, twice))).frames())
                .as("either line may be it")
                .containsExactly(inner, twice);
        assertThat(lines.found(new Stack(List.of(initialiser, once))).frames())
                .as("no call leads there")
                .containsExactly(initialiser, once);
    }

    private static final class Runs {
        <T> T once(Supplier<T> step) {
            Thread.onSpinWait();
            return step.get();
        }

        <T> List<T> twice(Supplier<T> step) {
            T first = step.get();
            return List.of(first, step.get());
        }
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
