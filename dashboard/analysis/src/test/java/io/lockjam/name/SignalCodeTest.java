// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class SignalCodeTest {
    private static final Frame WAIT = new Frame("java.lang.Object", "wait", null, "Object.java", 338, -1);

    private final Code code = new Code(LookLoopTest::bytes);
    private final SignalCode signals = new SignalCode(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({
        "waitsUnlessReady, true",
        "waitsWhileNotReady, false",
        "waitsUnlessReady worksForEver, false",
        "waitsUnlessReady loopsBefore, true"
    })
    void tellsAWaitForGoodFromOneInALoop(String methods, boolean once) {
        Stream<Frame> own = Arrays.stream(methods.split(" ")).map(this::frame);
        Stack stack = new Stack(Stream.concat(Stream.of(WAIT), own).toList());

        assertThat(signals.waitsOnce(stack)).isEqualTo(once);
    }

    @ParameterizedTest
    @CsvSource({
        "java.lang.ProcessImpl",
        "java.util.concurrent.CyclicBarrier",
        "java.util.concurrent.LinkedBlockingQueue"
    })
    void aMethodOfTheJdkThatWaitsLooksAgain(String type) {
        Frame inside = new Frame(type, "await", null, null, 1, -1);

        assertThat(signals.waitsOnce(new Stack(List.of(WAIT, inside, frame("waitsUnlessReady")))))
                .isFalse();
    }

    @Test
    void aConditionWaitsThroughAPoolOfTheJdkButDoesNotLookAgain() {
        Frame block = new Frame("java.util.concurrent.ForkJoinPool", "managedBlock", null, null, 3436, -1);
        String condition = "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject";
        Frame await = new Frame(condition, "await", null, null, 1630, -1);

        assertThat(signals.waitsOnce(new Stack(List.of(WAIT, block, await, frame("waitsUnlessReady")))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"java.lang.VirtualThread", "java.lang.System$1"})
    void aVirtualThreadParksInClassesOfItsOwn(String type) {
        Frame park = new Frame(type, "park", null, null, 1, -1);

        assertThat(signals.waitsOnce(new Stack(List.of(park, WAIT, frame("waitsUnlessReady")))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"waitsWhileNotReady, true", "waitsAndTells, true", "waitsUnlessReady, false", "wakesAll, false"})
    void tellsWhetherAMethodWakesOne(String method, boolean wakes) {
        assertThat(signals.wakesOne(frame(method))).isEqualTo(wakes);
    }

    @Test
    void tellsWhetherAClassWakesAll() {
        Frame other = new Frame(SignalCodeTest.class.getName(), "frame", null, "SignalCodeTest.java", 3, -1);

        assertThat(signals.wakesAll(frame("waitsWhileNotReady"))).isTrue();
        assertThat(signals.wakesAll(other)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"waitsUnlessReady"})
    void concludesNothingWithoutTheCode(String method) {
        Frame gone = new Frame("com.acme.Gone", method, null, "Gone.java", 3, -1);

        assertThat(signals.waitsOnce(new Stack(List.of(WAIT, gone)))).isFalse();
        assertThat(signals.waitsOnce(new Stack(List.of(WAIT)))).isFalse();
        assertThat(signals.wakesOne(gone)).isFalse();
    }

    /** The method at its last call. */
    private Frame frame(String name) {
        Code.Parsed type = Objects.requireNonNull(code.parsed(Signals.class.getName()));
        int line = 0;
        int call = 0;
        for (MethodNode method : type.methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                boolean waits = each instanceof MethodInsnNode called && !called.name.startsWith("notify");
                call = waits || call == 0 ? line : call;
            }
        }
        return new Frame(Signals.class.getName(), name, null, "Signals.java", call, -1);
    }
}
