// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimedCodeTest {
    private static final String CLOCKS = Clocks.class.getName();
    private static final List<String> FILE = List.of(
            CLOCKS,
            CLOCKS + "$Polled",
            CLOCKS + "$Settled",
            CLOCKS + "$Settled$1",
            CLOCKS + "$Fresh",
            CLOCKS + "$Printed");
    private final ComingCode coming = new ComingCode(TestCode.beside(FILE));

    @ParameterizedTest
    @CsvSource({
        "Polled, prices, QUEUE_TAKE, take, Clocks$Polled.poll",
        "Settled, result, FUTURE, get, Clocks$Settled$1.run",
        "Printed, result, FUTURE, get,"
    })
    void whatAClockMayStartIsTold(String type, String field, WaitKind kind, String call, @Nullable String task) {
        Stack waiter = stands(type, "gather", call);
        Set<String> ways = coming.ways(waiter, kind, name(type, field));

        assertThat(ways).isNotEmpty();
        assertThat(new TimedCode(LookLoopTest::bytes).task(waiter, name(type, field), ways))
                .isEqualTo(Optional.ofNullable(task).map("io.lockjam.name."::concat));
    }

    @Test
    void whoMayGiveASignalIsNotSureWhereTooManyClassesLieBeside() {
        List<String> many = new ArrayList<>(Collections.nCopies(400, CLOCKS));
        many.addAll(FILE);

        assertThat(new ComingCode(TestCode.beside(many))
                        .waysOfSignal(
                                stands("Fresh", "gather", "wait"),
                                WaitKind.OBJECT_WAIT,
                                name("Fresh", "fresh"),
                                "java.lang.Object"))
                .isEmpty();
    }

    @Test
    void whichTaskAClockIsHandedMayNotBeKnown() {
        String type = ClocksUser.class.getName() + "$Handing";

        assertThat(new TimedCode(LookLoopTest::bytes)
                        .task(at(type, "gather", "get"), type + ".result", Set.of(type + ".work")))
                .hasValue("");
    }

    @Test
    void aSignalOfAPeriodicTaskIsFollowedToWhoSchedulesIt() {
        Stack waiter = stands("Fresh", "gather", "wait");
        String name = name("Fresh", "fresh");

        assertThat(coming.waysOfSignal(waiter, WaitKind.OBJECT_WAIT, name, "java.lang.Object"))
                .containsExactlyInAnyOrder(CLOCKS + "$Fresh.refresh", CLOCKS + "$Fresh.start");
        assertThat(new ComingCode(LookLoopTest::bytes)
                        .waysOfSignal(waiter, WaitKind.OBJECT_WAIT, name, "java.lang.Object"))
                .as("where other classes cannot be listed they may give it")
                .isEmpty();
    }

    @Test
    void whatBeginsLaterIsNotSure() {
        LocalSignal locals = new LocalSignal(LookLoopTest::bytes);

        String type = ClocksUser.class.getName() + "$Delayed";
        assertThat(coming.ways(at(type, "gather", "get"), WaitKind.FUTURE, type + ".result"))
                .isEmpty();
        assertThat(locals.givers(at(type, "gatherOwn", "get"), WaitKind.FUTURE)).isEmpty();
    }

    @Test
    void aMethodMayBeCalledByAnotherType() {
        String user = ClocksUser.class.getName();

        for (String type : List.of("$Box", "$Chest", "$Sink")) {
            assertThat(coming.comesTo(at(user, "fill", "append"), Set.of(user + type + ".put")))
                    .as(type)
                    .isTrue();
        }
        assertThat(coming.comesTo(at(user, "fill", "append"), Set.of(CLOCKS + "$Polled.put")))
                .isFalse();
    }

    @Test
    void theWayLeadsThroughOtherFiles() {
        String user = ClocksUser.class.getName();
        ComingCode wide = new ComingCode(TestCode.beside(List.of(CLOCKS, CLOCKS + "$Polled", user)));
        Stack waiter = stands("Polled", "gather", "take");

        assertThat(wide.ways(waiter, WaitKind.QUEUE_TAKE, name("Polled", "prices")))
                .contains(CLOCKS + "$Polled.start", user + ".again");
    }

    private static String name(String type, String field) {
        return CLOCKS + "$" + type + "." + field;
    }

    /** A thread in a method at the call of another. */
    private Stack stands(String type, String method, String callee) {
        return at(CLOCKS + "$" + type, method, callee);
    }

    private Stack at(String owner, String method, String callee) {
        Frame inner = new Frame("java.util.concurrent.Callee", callee, null, "Callee.java", 1, -1);
        return new Stack(List.of(
                inner, new Frame(owner, method, null, "Clocks.java", TestCode.line(owner, method, callee), -1)));
    }
}
