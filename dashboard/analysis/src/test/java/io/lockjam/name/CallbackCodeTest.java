// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallbackCodeTest {
    private static final String CALLBACK = "org.junit.jupiter.api.function.Executable";

    @Test
    void aResultThatOnlyCallbacksGiveIsTold() {
        CallbackWait told = asked("Asked", "waits", "get", "Asked").orElseThrow();

        assertThat(told.type()).isEqualTo(CALLBACK);
        assertThat(told.callback().method()).isEqualTo("waits");
        assertThat(told.caller().className()).isEqualTo("org.library.Runner");
    }

    @Test
    void itMayBeGivenThroughAClassBeside() {
        assertThat(asked("Job", "execute", "await", "Job", "Part", "Parts")).isPresent();
        assertThat(asked("Job", "execute", "await", "Job", "Part", "Parts", "Tasks"))
                .isPresent(); // counts down another one
    }

    @Test
    void whatFollowsFromAResultCountsAsThat() {
        assertThat(asked("Follows", "waits", "get", "Follows", "Asked")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "Job, execute, await, Job Part Parts Open", // a method that nobody calls
        "Job, execute, await, Job Parts", // none gives it
        "Fetched, waits, get, Fetched", // made by others
        "Limited, waits, get, Limited", // ends of itself
        "Asked, waits, get, Fetched" // not among what was looked at
    })
    void whatOthersMayGiveIsNot(String type, String method, String call, String beside) {
        assertThat(asked(type, method, call, beside.split(" "))).isEmpty();
    }

    @Test
    void aThreadThatNoLibraryHasCalledIsNotInACallback() {
        Stack own = new Stack(stands("Asked", "waits", "get").frames().subList(0, 2));

        assertThat(new CallbackCode(beside("Asked")).of(own, WaitKind.FUTURE)).isEmpty();
    }

    private Optional<CallbackWait> asked(String type, String method, String call, String... beside) {
        WaitKind kind = call.equals("await") ? WaitKind.LATCH : WaitKind.FUTURE;
        return new CallbackCode(beside(beside)).of(stands(type, method, call), kind);
    }

    private static ClassBytes beside(String... types) {
        return TestCode.beside(Arrays.stream(types).map(CallbackCodeTest::name).toList());
    }

    private static String name(String type) {
        return Callbacks.class.getName() + "$" + type;
    }

    /** A thread at the call of a method, in one that a library has called. */
    private static Stack stands(String type, String method, String callee) {
        String jdk = "java.util.concurrent." + (callee.equals("await") ? "CountDownLatch" : "CompletableFuture");
        return new Stack(List.of(
                new Frame(jdk, callee, null, "Callee.java", 1, -1),
                new Frame(name(type), method, null, "Callbacks.java", TestCode.line(name(type), method, callee), -1),
                new Frame("org.library.Runner", "run", null, "Runner.java", 1, -1)));
    }
}
