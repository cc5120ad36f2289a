// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class HoldCodeTest {
    private final Code code = new Code(LookLoopTest::bytes);
    private final HoldCode locks = new HoldCode(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({
        "givesBack, takesNone, false",
        "givesBack, givesBack, true",
        "givesBack, keeps, true",
        "keeps, takesNone, true",
        "keepsUnlessFull, takesNone, true",
        "takesNone, takesNone, true"
    })
    void tellsWhetherALockCanBeHeld(String taken, String stands, boolean may) {
        assertThat(locks.mayHold(new Stack(List.of(at(stands, "work"))), at(taken, "lock")))
                .isEqualTo(may);
    }

    @Test
    void aLockTakenWhereTheCodeIsNotKnownMayBeHeld() {
        Frame gone = new Frame("com.acme.Gone", "run", null, "Gone.java", 3, -1);

        assertThat(locks.mayHold(new Stack(List.of(at("takesNone", "work"))), gone))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "givesBack, true",
        "keeps, false",
        "keepsUnlessFull, false",
        "takesNone, false",
        "turns, true",
        "keepsForAll, false"
    })
    void tellsWhetherEachVisitIsAHoldOfItsOwn(String stands, boolean once) {
        Frame frame = at(stands, "work");
        Frame inner = new Frame("java.lang.Thread", "work", null, null, -1, -1);
        assertThat(locks.heldOnce(new Stack(List.of(inner, frame))).isPresent()).isEqualTo(once);
    }

    /** A lock that a thread has where it can have taken none was left by what it called before. */
    @ParameterizedTest
    @CsvSource({
        "takesNone, true",
        "givesBack, false",
        "callsWhoGivesBack, true",
        "callsWhoKeeps, false",
        "callsWhoKnows, false",
        "callsATask, true"
    })
    void tellsWhetherAThreadMayHaveTakenALockWhereItIs(String stands, boolean none) {
        assertThat(locks.takesNone(new Stack(List.of(at(stands, "work"))))).isEqualTo(none);
        Frame gone = new Frame("com.acme.Gone", "run", null, "Gone.java", 3, -1);
        assertThat(locks.takesNone(new Stack(List.of(at(stands, "work"), gone))))
                .isFalse();
    }

    @Test
    void whatAStackHasLeftOutMayHaveTakenTheLock() {
        Frame frame = at("takesNone", "work");

        assertThat(locks.takesNone(new Stack(Collections.nCopies(63, frame)))).isTrue();
        assertThat(locks.takesNone(new Stack(Collections.nCopies(64, frame)))).isFalse();
    }

    /** The method at its call of another. */
    private Frame at(String name, String called) {
        Code.Parsed type = Objects.requireNonNull(code.parsed(Locked.class.getName()));
        int line = 0;
        int found = 1;
        for (MethodNode method : type.methods(name, null)) {
            for (AbstractInsnNode each : method.instructions) {
                line = each instanceof LineNumberNode number ? number.line : line;
                found = each instanceof MethodInsnNode call && call.name.equals(called) ? line : found;
            }
        }
        return new Frame(Locked.class.getName(), name, null, "Locked.java", found, -1);
    }
}
