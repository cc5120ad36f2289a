// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class LookLoopTest {
    private final Code code = new Code(LookLoopTest::bytes);
    private final LookLoop loops = new LookLoop(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({
        "spins, true",
        "spinsForItsTurn, true",
        "takesWhatComes, false",
        "sleepsAndLooks, true",
        "looksOnce, true",
        "computes, false",
        "pacesItself, false",
        "onlySleeps, false",
        "searches, false"
    })
    void tellsLookingFromWorking(String method, boolean looks) {
        Frame frame = new Frame(Loops.class.getName(), method, null, "Loops.java", line(method), -1);

        assertThat(loops.looks(new Stack(List.of(frame)))).isEqualTo(looks);
    }

    /** A cache that many ask. */
    @ParameterizedTest
    @CsvSource({"remembers, get, false", "waitsForIt, containsKey, true"})
    void aSearchInAMapIsALookOnlyInALoopOfItsCaller(String method, String call, boolean looks) {
        Frame search = new Frame("java.util.HashMap", "getNode", null, "HashMap.java", 1, -1);
        Frame get = new Frame("java.util.HashMap", call, null, "HashMap.java", 1, -1);
        Frame user = new Frame(Loops.class.getName(), method, null, "Loops.java", line(method), -1);

        assertThat(loops.looks(new Stack(List.of(search, get, user)))).isEqualTo(looks);
    }

    @ParameterizedTest
    @CsvSource({"looksAndPauses, true", "worksAndPauses, false"})
    void looksThroughAMethodThatOnlyPauses(String method, boolean looks) {
        Frame pause = new Frame(Loops.class.getName(), "pause", null, "Loops.java", line("pause"), -1);
        Frame caller = new Frame(Loops.class.getName(), method, null, "Loops.java", line(method), -1);

        assertThat(loops.looks(new Stack(List.of(pause, caller)))).isEqualTo(looks);
        assertThat(loops.loop(new Stack(List.of(pause, caller))))
                .isEqualTo(looks ? Optional.of(caller) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "setsTheFlagAgain, true",
        "leavesWhenInterrupted, false",
        "setsTheFlagAfterTheLoop, false",
        "ignores, false"
    })
    void knowsLoopsThatInterruptThemselves(String method, boolean turns) {
        Frame frame = new Frame(Loops.class.getName(), method, null, "Loops.java", line(method), -1);
        Frame thrown = new Frame("java.lang.Throwable", "fillInStackTrace", null, "Throwable.java", 1, -1);

        assertThat(new InterruptLoop(LookLoopTest::bytes).runs(new Stack(List.of(thrown, frame))))
                .isEqualTo(turns);
    }

    @ParameterizedTest
    @CsvSource({"spins"})
    void knowsNothingOfAClassThatCannotBeRead(String method) {
        Frame frame = new Frame("com.acme.Gone", method, null, "Gone.java", 3, -1);

        assertThat(loops.looks(new Stack(List.of(frame)))).isFalse();
    }

    /** The line of the pause if there is one, else of the last branch: where a thread would be found. */
    private int line(String name) {
        Code.Parsed type = Objects.requireNonNull(code.parsed(Loops.class.getName()));
        int line = 0;
        int branch = 0;
        for (MethodNode method : type.methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                if (each instanceof MethodInsnNode call && call.name.matches("sleep|onSpinWait|pause")) {
                    return line;
                }
                branch = each instanceof JumpInsnNode ? line : branch;
            }
        }
        return branch;
    }

    static byte @Nullable [] bytes(String className) {
        String file = "/" + className.replace('.', '/') + ".class";
        try (InputStream in = LookLoopTest.class.getResourceAsStream(file)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }
}
