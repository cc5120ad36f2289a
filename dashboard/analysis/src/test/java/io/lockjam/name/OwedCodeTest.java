// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the code of a stack that stands for real says its thread is still to give. */
class OwedCodeTest {
    private static final String HERE = Debts.class.getName();

    private final OwedCode code = new OwedCode(LookLoopTest::bytes);
    private final Debts debts = new Debts();

    @FunctionalInterface
    private interface Call {
        void run() throws InterruptedException;
    }

    @Test
    void tellsASignalThatIsStillToBeGiven() throws Exception {
        assertThat(owed(debts::countsDownLater)).containsExactly("latch Debts.opened");
        assertThat(owed(debts::countsDownInACall)).containsExactly("latch Debts.opened");
        assertThat(owed(debts::countsDownInATask)).containsExactly("latch Debts.opened");
        assertThat(owed(debts::hasCountedDown)).isEmpty();
        assertThat(owed(debts::countsDownALocal)).containsExactly("latch done in countsDownALocal");
    }

    @Test
    void tellsAPermitThatIsHeldFromOneThatIsWanted() throws Exception {
        assertThat(owed(debts::holdsAPermit)).containsExactly("semaphore Debts.permits taken");
        assertThat(owed(debts::asksForASecondPermit))
                .containsExactlyInAnyOrder("semaphore Debts.permits taken", "semaphore Debts.tokens taken");
        assertThat(owed(debts::asksForAPermit)).isEmpty();
        assertThat(owed(() -> debts.mayHaveGivenThePermitBack(false))).containsExactly("semaphore Debts.permits");
        assertThat(owed(debts::writes)).containsExactly("stamped Debts.table taken");
    }

    @Test
    void tellsWhatIsGivenOnlyAfterTheWait() throws Exception {
        assertThat(code.owes(stack(debts::countsDownLater, -1))).allMatch(Owed::onlyAfter);
        assertThat(code.owes(stack(debts::completesAndSignals, -1))).allMatch(Owed::onlyAfter);
        assertThat(code.owes(stack(debts::answersInTurn, -1))).hasSize(1).noneMatch(Owed::onlyAfter);
        assertThat(code.owes(stack(debts::countsDownInATask, -1))).noneMatch(Owed::onlyAfter);
    }

    @Test
    void aPermitThatIsHandedOnIsNotHeld() throws Exception {
        assertThat(owed(debts::handsOnATokenInTurn)).containsExactly("semaphore Debts.permits");
    }

    @Test
    void tellsWhoHasWhatItIsToPutBack() throws Exception {
        assertThat(held(debts::takesTwice)).containsExactly("queue-take Debts.links taken");
        assertThat(held(debts::borrows)).containsExactly("queue-take Debts.links taken");
        assertThat(held(debts::takesOnce)).isEmpty();
        assertThat(held(debts::borrowsInTurn)).isEmpty();
    }

    private List<String> held(Call call) throws InterruptedException {
        return owed(call).stream().filter(each -> each.endsWith("taken")).toList();
    }

    @Test
    void tellsTasksThatGiveWhatTheyDoNotTake() {
        assertThat(code.tasks(waiterIn("borrows"), WaitKind.QUEUE_TAKE, HERE + ".links"))
                .containsExactly(HERE + ".lambda$fillsUp$2");
        assertThat(code.tasks(waiterIn("borrows"), WaitKind.SEMAPHORE, HERE + ".permits"))
                .isEmpty();
    }

    @Test
    void tellsWhoTakesFromAQueueAndWhoWakes() throws Exception {
        assertThat(owed(debts::crawls)).containsExactly("queue-put Debts.links");
        assertThat(owed(debts::wakes)).containsExactly("object-wait Debts (this)");
        assertThat(owed(debts::completesAndSignals))
                .containsExactlyInAnyOrder("future Debts.answer", "condition Debts.changed");
    }

    @Test
    void bytecodeIndexesOfAWovenClassDoNotMislead() throws Exception {
        for (int index : List.of(0, 4, 9, 20, 999)) {
            assertThat(owed(stack(debts::countsDownLater, index))).containsExactly("latch Debts.opened");
            assertThat(owed(stack(debts::holdsAPermit, index))).containsExactly("semaphore Debts.permits taken");
            assertThat(owed(stack(debts::hasCountedDown, index))).isEmpty();
        }
    }

    @Test
    void tellsAllMethodsThatGiveASignal() {
        assertThat(code.places(waiterIn("wakes"), WaitKind.LATCH, HERE + ".opened"))
                .containsExactlyInAnyOrder(
                        HERE + ".countsDownLater",
                        HERE + ".hasCountedDown",
                        HERE + ".open",
                        HERE + ".lambda$countsDownInATask$0");
        assertThat(code.places(waiterIn("wakes"), WaitKind.OBJECT_WAIT, HERE + " (this)"))
                .containsExactly(HERE + ".wakes");
    }

    @Test
    void knowsTheTaskThatTheWaiterHasMade() throws Exception {
        Stack runner = stack(debts::submits, -1);

        assertThat(code.runsTaskOf(runner, waiterIn("submits"))).isTrue();
        assertThat(code.runsTaskOf(runner, waiterIn("submitsNothing"))).isFalse();
        assertThat(code.runsTaskOf(stack(debts::submitsNothing, -1), waiterIn("submits")))
                .isFalse();
    }

    @Test
    void concludesNothingWithoutTheCode() {
        Frame gone = new Frame("com.acme.Gone", "give", null, "Gone.java", 3, -1);

        assertThat(code.owes(new Stack(List.of(gone)))).isEmpty();
        assertThat(code.runsTaskOf(new Stack(List.of(gone)), new Stack(List.of(gone))))
                .isFalse();
    }

    private static Stack waiterIn(String method) {
        return new Stack(List.of(
                new Frame("java.util.concurrent.FutureTask", "get", null, "FutureTask.java", 190, -1),
                new Frame(HERE, method, null, "Debts.java", 1, -1)));
    }

    private List<String> owed(Call call) throws InterruptedException {
        return owed(stack(call, -1));
    }

    private List<String> owed(Stack stack) {
        return code.owes(stack).stream().map(OwedCodeTest::text).toList();
    }

    private static String text(Owed owed) {
        String name = owed.name().replace("io.lockjam.name.", "");
        return owed.kind().id() + " " + name + (owed.taken() ? " taken" : "");
    }

    private Stack stack(Call call, int bytecodeIndex) throws InterruptedException {
        call.run();
        return new Stack(Arrays.stream(debts.stack)
                .filter(each -> !each.getClassName().contains("OwedCodeTest")
                        && !each.getClassName().startsWith("org."))
                .map(each -> new Frame(
                        each.getClassName(),
                        each.getMethodName(),
                        null,
                        each.getFileName(),
                        each.getLineNumber(),
                        bytecodeIndex))
                .toList());
    }
}
