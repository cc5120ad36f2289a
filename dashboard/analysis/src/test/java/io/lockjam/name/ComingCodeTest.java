// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Initial;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComingCodeTest {
    private final ComingCode coming = new ComingCode(LookLoopTest::bytes);

    @Test
    void tasksAreFollowedToWhoHandsThemIn() {
        assertThat(ways("Pooled", "parts", WaitKind.LATCH))
                .containsExactlyInAnyOrder(method("Pooled", "part"), method("Pooled", "start"));
        assertThat(ways("Wrapped", "parts", WaitKind.LATCH))
                .hasSize(2)
                .contains(method("Wrapped", "start"))
                .anyMatch(way -> way.startsWith(method("Wrapped", "lambda$start$")));
    }

    @ParameterizedTest
    @CsvSource({"CalledBack, answers", "Listening, events", "AtExit, end", "PassedOn, parts"})
    void whatMayBeCalledAtAnyTimeIsNotSure(String type, String latch) {
        assertThat(ways(type, latch, WaitKind.LATCH)).isEmpty();
    }

    @Test
    void whoPutsIntoAQueueIsFollowedToTheBeginOfTheProgram() {
        assertThat(ways("Lines", "lines", WaitKind.QUEUE_TAKE, "take"))
                .containsExactlyInAnyOrder(
                        method("Lines", "fill"), method("Lines", "produce"), method("Lines", "main"));
        assertThat(ways("Stock", "STOCK", WaitKind.QUEUE_TAKE, "take")).contains(method("Stock", "<clinit>"));
        assertThat(ways("Lines", "shared", WaitKind.QUEUE_TAKE, "take")).isEmpty();
    }

    @Test
    void whoCompletesAFutureIsFollowed() {
        assertThat(ways("Result", "result", WaitKind.FUTURE, "get")).contains(method("Result", "start"));
        assertThat(ways("Result", "timed", WaitKind.FUTURE, "get")).isEmpty();
    }

    @Test
    void whatIsKnownByAnotherNameMayBeEndedByThat() {
        String type = Alias.Waiting.class.getName();
        Frame gather = new Frame(type, "gather", null, "Alias.java", TestCode.line(type, "gather", "await"), -1);

        assertThat(coming.ways(new Stack(List.of(gather)), WaitKind.LATCH, type + ".parts"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"start, false", "startMade, true", "startFresh, false", "startThread, true"})
    void whatWasMadeBeforeMayBeStartedLater(String method, boolean comes) {
        assertThat(coming.comesTo(stands("Later", method, "shutdown"), Set.of("com.acme.Work.part")))
                .isEqualTo(comes);
    }

    @Test
    void whoeverComesToABarrierComesByItself() {
        assertThat(ways("Stepping", "step", WaitKind.BARRIER)).containsExactly(method("Stepping", "gather"));
    }

    @Test
    void aThreadComesThereOnlyIfTheCallIsStillAhead() {
        Set<String> ways = ways("Pooled", "parts", WaitKind.LATCH);

        assertThat(coming.comesTo(stands("Pooled", "start", "shutdown"), ways)).isFalse();
        assertThat(coming.comesTo(stands("Wrapped", "gather", "await"), Set.of(method("Pooled", "part"))))
                .isFalse();
        assertThat(coming.comesTo(stands("Wrapped", "named", "<init>"), Set.of("java.lang.Thread.start")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Pooled.parts, MORE",
        "Wrapped.parts, MORE",
        "Listening.events, ONE",
        "Stepping.ready, NONE",
        "Queueing.permits, ONE",
        "Stepping.gone, UNKNOWN"
    })
    void tellsWhatItBeginsWith(String name, Initial begins) {
        InitialCode initials = new InitialCode(LookLoopTest::bytes);

        assertThat(initials.initial(Stack.EMPTY, Meetings.class.getName() + "$" + name))
                .isEqualTo(begins);
    }

    @ParameterizedTest
    @CsvSource({"FAIR, true", "permits, true", "plain, false", "told, false", "gone, false"})
    void tellsWhetherItIsFair(String field, boolean fair) {
        InitialCode initials = new InitialCode(LookLoopTest::bytes);

        assertThat(initials.isFair(Stack.EMPTY, Meetings.class.getName() + "$Queueing." + field))
                .isEqualTo(fair);
    }

    /** Code that is not looked into may do anything with it. */
    static void isHanded(CountDownLatch latch) {
        latch.countDown();
    }

    private Set<String> ways(String type, String field, WaitKind kind) {
        return ways(type, field, kind, "await");
    }

    private Set<String> ways(String type, String field, WaitKind kind, String callee) {
        return coming.ways(stands(type, "gather", callee), kind, Meetings.class.getName() + "$" + type + "." + field);
    }

    private static String method(String type, String name) {
        return Meetings.class.getName() + "$" + type + "." + name;
    }

    /** A thread in a method at the call of another. */
    private Stack stands(String type, String method, String callee) {
        String name = Meetings.class.getName() + "$" + type;
        Frame inner = new Frame("java.util.concurrent.Callee", callee, null, "Callee.java", 1, -1);
        return new Stack(List.of(
                inner, new Frame(name, method, null, "Meetings.java", TestCode.line(name, method, callee), -1)));
    }
}
