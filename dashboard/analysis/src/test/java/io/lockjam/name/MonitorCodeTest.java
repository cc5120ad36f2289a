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

class MonitorCodeTest {
    private static final Frame SLEEP = new Frame("java.lang.Thread", "sleep", "(J)V", "Thread.java", -1, -1);
    private static final Frame SPUN = new Frame("com.acme.Shop$$Lambda", "run", null, null, -1, -1);

    private final Code code = new Code(LookLoopTest::bytes);
    private final MonitorCode monitors = new MonitorCode(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({
        "isSynchronized, true",
        "standsInABlock, true",
        "comesAfterABlock, false",
        "standsBetweenBlocks, false",
        "loopsBeforeABlock, false",
        "entersNone, false",
        "entersNone standsInABlock, true",
        "entersNone comesAfterABlock, false"
    })
    void tellsWhetherAMonitorCanBeHeld(String methods, boolean may) {
        Stream<Frame> own = Arrays.stream(methods.split(" ")).map(this::frame);

        assertThat(monitors.mayHold(
                        new Stack(Stream.concat(Stream.of(SLEEP, SPUN), own).toList())))
                .isEqualTo(may);
    }

    @Test
    void whoIsAboutToEnterDoesNotHoldYet() {
        Frame enters = frame("isSynchronized");
        Frame first = new Frame(enters.className(), enters.method(), null, enters.file(), enters.line(), 0);
        Frame caller = frame("entersNone");

        assertThat(monitors.mayHold(new Stack(List.of(first, caller)))).isFalse();
        assertThat(monitors.mayHold(new Stack(List.of(SLEEP, first, caller)))).isTrue();
        assertThat(monitors.mayHold(new Stack(List.of(first, frame("standsInABlock")))))
                .isTrue();
    }

    @Test
    void withoutTheCodeItMayBe() {
        Frame gone = new Frame("com.acme.Gone", "run", null, "Gone.java", 3, -1);

        assertThat(monitors.mayHold(new Stack(Stream.of(SLEEP, gone).toList()))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"isSynchronized, true", "standsInABlock, true", "comesAfterABlock, false", "entersNone, false"})
    void aMethodIsFoundInItsBlockByWhatItCalls(String method, boolean inside) {
        Frame work = new Frame("com.acme.Work", "work", null, "Work.java", 3, -1);
        Frame lost = new Frame(Monitors.class.getName(), method, null, "Monitors.java", -1, -1);
        Frame gone = new Frame("com.acme.Gone", method, null, "Gone.java", 3, -1);

        assertThat(monitors.holds(new Stack(Arrays.asList(work, lost)), 1)).isEqualTo(inside);
        assertThat(monitors.holds(new Stack(Arrays.asList(work, gone)), 1)).isFalse();
    }

    /** The method at its call of {@code work}. */
    private Frame frame(String name) {
        Code.Parsed type = Objects.requireNonNull(code.parsed(Monitors.class.getName()));
        int line = 0;
        int call = 0;
        for (MethodNode method : type.methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                call = each instanceof MethodInsnNode ? line : call;
            }
        }
        return new Frame(Monitors.class.getName(), name, null, "Monitors.java", call, -1);
    }
}
