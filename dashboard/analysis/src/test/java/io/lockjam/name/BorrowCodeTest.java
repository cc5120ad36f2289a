// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether by the code of a stack that stands for real its thread gives back what it waits for. */
class BorrowCodeTest {
    private static final String HERE = Borrowers.class.getName();

    private final BorrowCode code = new BorrowCode(LookLoopTest::bytes);
    private final Borrowers borrowers = new Borrowers();

    @FunctionalInterface
    private interface Call {
        void run() throws InterruptedException;
    }

    @Test
    void whoPutsBackWhatItTookHasBorrowedIt() throws Exception {
        assertThat(takes("take", ".free", borrowers::putsBack)).isTrue();
        assertThat(takes("poll", "$Pool.idle", borrowers::borrows)).isTrue();
        assertThat(takes("take", "$Pool.idle", borrowers::leases)).isTrue();
        assertThat(takes("take", ".other", borrowers::putsBack)).isFalse();
    }

    @Test
    void whoPutsOtherTasksOrItsOwnAgainWorks() throws Exception {
        assertThat(takes("take", ".free", borrowers::putsBackWhatIsNotDone)).isFalse();
        assertThat(takes("take", ".free", borrowers::putsMore)).isFalse();
        assertThat(takes("take", ".free", borrowers::callsWhatPutsMore)).isFalse();
        assertThat(takes("take", ".free", borrowers::onlyTakes)).isFalse();
    }

    @Test
    void whoPutsItBackOnSomeWayMayHaveBorrowedIt() throws Exception {
        assertThat(mayGiveBack(borrowers::putsBackWhatIsNotDone)).isTrue();
        assertThat(mayGiveBack(borrowers::putsBack)).isTrue();
        assertThat(mayGiveBack(borrowers::putsMore)).isFalse();
        assertThat(mayGiveBack(borrowers::onlyTakes)).isFalse();
    }

    private boolean mayGiveBack(Call call) throws InterruptedException {
        Stack stack = stack(new Frame("java.util.concurrent.LinkedBlockingQueue", "take", null, null, -1, -1), call);
        return code.mayGiveBack(stack, WaitKind.QUEUE_TAKE, HERE + ".free");
    }

    @Test
    void whoMarksItAsTakenAndWakesTheNextLocks() throws Exception {
        assertThat(waits("$Mutex (this)", borrowers::excludes)).isTrue();
        assertThat(waits("$Turn (this)", borrowers::takesTurns)).isFalse();
    }

    @Test
    void concludesNothingWithoutTheCode() {
        Frame take = new Frame("java.util.concurrent.LinkedBlockingQueue", "take", null, null, -1, -1);
        Frame gone = new Frame("com.acme.Gone", "get", null, "Gone.java", 3, -1);

        assertThat(code.givesBack(new Stack(List.of(take, gone)), WaitKind.QUEUE_TAKE, "com.acme.Gone.free"))
                .isFalse();
    }

    private boolean takes(String method, String queue, Call call) throws InterruptedException {
        Stack stack = stack(new Frame("java.util.concurrent.LinkedBlockingQueue", method, null, null, -1, -1), call);
        return code.givesBack(stack, WaitKind.QUEUE_TAKE, HERE + queue);
    }

    private boolean waits(String name, Call call) throws InterruptedException {
        Stack stack = stack(new Frame("java.lang.Object", "wait", "(J)V", null, -1, -1), call);
        return code.givesBack(stack, WaitKind.OBJECT_WAIT, HERE + name);
    }

    /** As if the innermost method of ours stood in a call of the JDK somewhere: its line is not told. */
    private static Stack stack(Frame innermost, Call call) throws InterruptedException {
        call.run();
        List<Frame> frames = new ArrayList<>(List.of(innermost));
        Arrays.stream(Borrowers.stack)
                .filter(each -> each.getClassName().startsWith(HERE)
                        && !each.getMethodName().equals("stand"))
                .forEach(each -> frames.add(new Frame(
                        each.getClassName(),
                        each.getMethodName(),
                        null,
                        each.getFileName(),
                        frames.size() == 1 ? -1 : each.getLineNumber(),
                        -1)));
        return new Stack(frames);
    }
}
