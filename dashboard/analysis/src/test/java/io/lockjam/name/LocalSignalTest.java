// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class LocalSignalTest {
    private final Code code = new Code(LookLoopTest::bytes);
    private final LocalSignal signals = new LocalSignal(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({"awaitsTasks, LATCH, await", "awaitsAThread, LATCH, await", "joinsAResult, FUTURE, join"})
    void tellsTheOnlyTasksThatCanGiveIt(String method, WaitKind kind, String wait) {
        assertThat(givers(method, kind, wait))
                .singleElement()
                .asString()
                .startsWith(Handing.class.getName() + ".lambda$" + method + "$");
    }

    @Test
    void whoWaitsInALambdaOfTheSameMethodIsNoGiver() {
        assertThat(givers("lambda$otherThreadsAwaitATask$", WaitKind.LATCH, "await"))
                .singleElement()
                .asString()
                .contains(".lambda$otherThreadsAwaitATask$")
                .isNotEqualTo(Handing.class.getName() + "." + named("lambda$otherThreadsAwaitATask$", "await"));
    }

    @Test
    void theMethodThatMadeItMayGiveItItself() {
        assertThat(givers("lambda$countsDownItself$", WaitKind.LATCH, "await"))
                .containsExactly(Handing.class.getName() + ".countsDownItself");
    }

    @Test
    void aJoinNeedsEveryPart() {
        assertThat(givers("joinsAll", WaitKind.FUTURE, "join")).hasSize(2);
        assertThat(givers("joinsAllAndAnother", WaitKind.FUTURE, "join")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "waitsForATaskThatNobodyRuns, true",
        "waitsForATaskOfAThread, false",
        "waitsForATaskThatALambdaRuns, false",
        "joinsAResult, false"
    })
    void tellsATaskThatNobodyRuns(String method, boolean never) {
        assertThat(signals.isNeverRun(stands(method, method.equals("joinsAResult") ? "join" : "get")))
                .isEqualTo(never);
    }

    @ParameterizedTest
    @CsvSource({
        "joinsAResultWithATimeLimit, FUTURE, join",
        "awaitsACallback, LATCH, await",
        "awaitsACallbackOfATask, LATCH, await",
        "awaitsWhatIsKept, LATCH, await",
        "awaitsAMethodReference, LATCH, await",
        "awaitsAField, LATCH, await",
        "awaitsNobody, LATCH, await"
    })
    void isNotSureIfAnythingElseMayGiveIt(String method, WaitKind kind, String wait) {
        assertThat(givers(method, kind, wait)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource("LATCH")
    void concludesNothingWithoutTheCode(WaitKind kind) {
        Frame gone = new Frame("com.acme.Gone", "build", null, "Gone.java", 3, -1);

        assertThat(signals.givers(new Stack(List.of(inJdk("await"), gone)), kind))
                .isEmpty();
        assertThat(signals.givers(new Stack(List.of(inJdk("await"))), kind)).isEmpty();
    }

    private Set<String> givers(String method, WaitKind kind, String wait) {
        return signals.givers(stands(method, wait), kind);
    }

    private Stack stands(String method, String wait) {
        String name = named(method, wait);
        return new Stack(List.of(
                inJdk(wait),
                new Frame(
                        Handing.class.getName(),
                        name,
                        null,
                        "Handing.java",
                        TestCode.line(Handing.class.getName(), name, wait),
                        -1)));
    }

    /** The method of a name, or the lambda whose name begins so, that makes a call. */
    private String named(String begin, String callee) {
        return Objects.requireNonNull(code.parsed(Handing.class.getName())).node().methods.stream()
                .filter(method -> begin.endsWith("$") ? method.name.startsWith(begin) : method.name.equals(begin))
                .filter(method -> calls(method, callee))
                .map(method -> method.name)
                .findFirst()
                .orElseThrow();
    }

    private static boolean calls(MethodNode method, String callee) {
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && call.name.equals(callee)) {
                return true;
            }
        }
        return false;
    }

    private static Frame inJdk(String method) {
        return new Frame("java.util.concurrent.CountDownLatch", method, null, "CountDownLatch.java", 230, -1);
    }
}
