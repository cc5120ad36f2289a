// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
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
        Frame own = new Frame(Handing.class.getName(), method, null, "Handing.java", line(method, wait), -1);
        return signals.givers(new Stack(List.of(inJdk(wait), own)), kind);
    }

    private static Frame inJdk(String method) {
        return new Frame("java.util.concurrent.CountDownLatch", method, null, "CountDownLatch.java", 230, -1);
    }

    private int line(String name, String callee) {
        Code.Parsed type = Objects.requireNonNull(code.parsed(Handing.class.getName()));
        int line = 0;
        for (MethodNode method : type.methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                if (each instanceof MethodInsnNode call && call.name.equals(callee)) {
                    return line;
                }
            }
        }
        throw new AssertionError(name + " has no call of " + callee);
    }
}
