// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.lockjam.boot.WaitHooks;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Every park of every java.util.concurrent wait and of the application itself. */
final class LockSupportWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.locks.LockSupport";
    }

    @Override
    public List<Advised> advised() {
        return List.of(
                new Advised(named("park").and(takesArguments(Object.class)), ParkAdvice.class),
                new Advised(named("parkNanos").and(takesArguments(Object.class, long.class)), ParkNanosAdvice.class),
                new Advised(named("parkUntil").and(takesArguments(Object.class, long.class)), ParkUntilAdvice.class),
                new Advised(named("park").and(takesArguments(0)), BareParkAdvice.class),
                new Advised(
                        named("parkNanos").and(takesArguments(1)).and(takesArgument(0, long.class)),
                        BareParkNanosAdvice.class),
                new Advised(
                        named("parkUntil").and(takesArguments(1)).and(takesArgument(0, long.class)),
                        BareParkUntilAdvice.class),
                new Advised(named("unpark"), UnparkAdvice.class));
    }

    /** Says who lets whom go on. */
    static final class UnparkAdvice {
        private UnparkAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) @Nullable Thread thread) {
            WaitHooks.unparks(thread);
        }
    }

    /** Waits without a bound. */
    static final class ParkAdvice {
        private ParkAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.Argument(0) @Nullable Object blocker) {
            return WaitHooks.beforePark(blocker, 0);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }

    /** Waits for a time. */
    static final class ParkNanosAdvice {
        private ParkNanosAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.Argument(0) @Nullable Object blocker, @Advice.Argument(1) long nanos) {
            return WaitHooks.beforePark(blocker, nanos);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }

    /** Waits until a date; whether it was reached is not known afterwards. */
    static final class ParkUntilAdvice {
        private ParkUntilAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.Argument(0) @Nullable Object blocker) {
            return WaitHooks.beforePark(blocker, -1);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }

    /** Waits without a bound; who calls it may have set the blocker. */
    static final class BareParkAdvice {
        private BareParkAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter() {
            return WaitHooks.beforePark(0);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }

    /** Waits for a time; who calls it may have set the blocker. */
    static final class BareParkNanosAdvice {
        private BareParkNanosAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter(@Advice.Argument(0) long nanos) {
            return WaitHooks.beforePark(nanos);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }

    /** Waits until a date; who calls it may have set the blocker. */
    static final class BareParkUntilAdvice {
        private BareParkUntilAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static @Nullable Object enter() {
            return WaitHooks.beforePark(-1);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter @Nullable Object token) {
            WaitHooks.afterPark(token);
        }
    }
}
