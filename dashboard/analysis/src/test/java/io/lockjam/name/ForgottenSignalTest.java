// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgottenSignalTest {
    private static final String PACKAGE = "io.lockjam.name.";

    @Test
    void aChangeWithoutASignalIsTold() {
        Optional<Unsignalled> mailbox = asked("Unheard$Mailbox", "fetch", "wait", "Unheard$Mailbox (this)", "");
        Optional<Unsignalled> gate = asked("Unheard$Gate", "pass", "await", "Unheard$Gate.opened", "Unheard$Mailbox");

        assertThat(mailbox.orElseThrow().looksAt()).isEqualTo(PACKAGE + "Unheard$Mailbox.letters");
        assertThat(mailbox.orElseThrow().changed().method()).isEqualTo("drop");
        assertThat(gate.orElseThrow().looksAt()).isEqualTo(PACKAGE + "Unheard$Gate.open");
        assertThat(gate.orElseThrow().changed().method()).isEqualTo("open");
    }

    @ParameterizedTest
    @CsvSource({
        "Unheard$Mailbox, fetch, wait, Unheard$Mailbox (this), Unheard$Bell", // the object's own class rings
        "Unheard$Gate, awaitGuests, await, Unheard$Gate.closed, Unheard$Mailbox",
        "Unheard$Alive, forever, wait, Unheard$Alive (this), Unheard$Mailbox", // looks at nothing
        "Unheard$Worker, awaitDone, wait, Unheard$Worker (this), Unheard$Worker", // a thread that ends wakes
        "Stopped, await, wait, Stopped (this), Stopped"
    })
    void whatMayBeWokenIsNotTold(String type, String method, String call, String name, String object) {
        assertThat(asked(type, method, call, name, object)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Locked, await, Locked.ready, true",
        "Locked, awaitGiven, Locked.given, false",
        "Handed, await, Handed.ready, false",
        "Fed, await, Fed.ready, false"
    })
    void aSignalForAnotherObjectIsNone(String type, String method, String name, boolean told) {
        ForgottenSignal signals = new ForgottenSignal(beside("Unheard", "Unheard$" + type));
        Stack stack = stands("Unheard$" + type, method, "wait");

        assertThat(signals.of(stack, WaitKind.OBJECT_WAIT, PACKAGE + "Unheard$" + name, "java.lang.Object")
                        .isPresent())
                .isEqualTo(told);
    }

    @Test
    void aThreadThatSetsItsFlagAgainGivesNoSignal() {
        assertThat(asked("Restored", "await", "wait", "Restored (this)", "Restored"))
                .isPresent();
    }

    @Test
    void aSignalForAnotherTypeIsNone() {
        assertThat(asked("Unheard$Typed", "await", "wait", "Unheard$Typed (this)", "Unheard$Typed"))
                .isPresent();
    }

    @Test
    void classesThatCannotBeListedMayGiveIt() {
        ForgottenSignal signals = new ForgottenSignal(LookLoopTest::bytes);
        Stack stack = stands("Restored", "await", "wait");

        assertThat(signals.of(stack, WaitKind.OBJECT_WAIT, PACKAGE + "Restored (this)", PACKAGE + "Restored"))
                .isEmpty();
    }

    /** @param object the class of what is waited for, if that has no field; else one that lies beside it */
    private Optional<Unsignalled> asked(String type, String method, String call, String name, String object) {
        WaitKind kind = call.equals("wait") ? WaitKind.OBJECT_WAIT : WaitKind.CONDITION;
        String own = object.isEmpty() ? type : object;
        String waited = kind == WaitKind.OBJECT_WAIT
                ? PACKAGE + own
                : "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject";
        return new ForgottenSignal(beside(type, own)).of(stands(type, method, call), kind, PACKAGE + name, waited);
    }

    private static ClassBytes beside(String... types) {
        return TestCode.beside(Stream.of(types).map(type -> PACKAGE + type).toList());
    }

    private Stack stands(String type, String method, String callee) {
        Frame inner = callee.equals("wait")
                ? new Frame("java.lang.Object", "wait", null, "Object.java", 1, -1)
                : new Frame(
                        "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject",
                        callee,
                        null,
                        "AbstractQueuedSynchronizer.java",
                        1,
                        -1);
        String name = PACKAGE + type;
        return new Stack(
                List.of(inner, new Frame(name, method, null, "Unheard.java", TestCode.line(name, method, callee), -1)));
    }
}
