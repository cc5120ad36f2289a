// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class LostLinesTest {
    private final LostLines lines = new LostLines(LookLoopTest::bytes, className -> false);

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

    /** Code that was woven while the frame stood in it, or after. */
    @Test
    void aLineOfOtherCodeThanTheIndexIsPutRight() {
        LostLines rewritten = new LostLines(LookLoopTest::bytes, Debts.class.getName()::equals);
        Debts debts = new Debts();
        debts.countsDownInACall();
        int stood = debts.stack[1].getLineNumber();
        Frame inner = lost("stand");
        Frame ours = at("countsDownInACall", stood, 0);
        Frame wrong = at("countsDownInACall", stood - 1, 0);

        assertThat(rewritten
                        .found(new Stack(List.of(inner, wrong)))
                        .frames()
                        .get(1)
                        .line())
                .isEqualTo(stood);
        assertThat(rewritten.found(new Stack(List.of(inner, ours))).frames().get(1))
                .isEqualTo(ours);
        assertThat(lines.found(new Stack(List.of(inner, wrong))).frames().get(1))
                .as("of a class that was never woven")
                .isEqualTo(wrong);
    }

    /** Two lines make the call: the index of the file's own code tells which. */
    @Test
    void anIndexAtWhichTheCallIsMadeTellsTheLine() {
        LostLines rewritten = new LostLines(LookLoopTest::bytes, Debts.class.getName()::equals);
        Code.Parsed type = Objects.requireNonNull(new Code(LookLoopTest::bytes).parsed(Debts.class.getName()));
        MethodNode method = type.methods("asksForASecondPermit", null).get(0);
        List<Integer> calls = type.indexes().entrySet().stream()
                .filter(each -> method.instructions.contains(each.getKey())
                        && each.getKey() instanceof MethodInsnNode call
                        && call.name.equals("acquire"))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        Frame inner = new Frame("java.util.concurrent.Semaphore", "acquire", null, null, 7, -1);

        List<Integer> lines = calls.stream()
                .map(index -> rewritten
                        .found(new Stack(List.of(inner, at("asksForASecondPermit", 1, index))))
                        .frames()
                        .get(1)
                        .line())
                .toList();
        assertThat(lines).hasSizeGreaterThan(1).doesNotHaveDuplicates().doesNotContain(1);
    }

    private static Frame at(String method, int line, int index) {
        return new Frame(Debts.class.getName(), method, null, "Debts.java", line, index);
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
