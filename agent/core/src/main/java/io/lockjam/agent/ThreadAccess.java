// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Reads threads without calling methods that an application's subclass of Thread may have overridden: getId, getState
 * and getStackTrace are not final in 17.
 */
final class ThreadAccess {
    private final MethodHandle threads;
    private final MethodHandle id;
    private final MethodHandle state;
    private final MethodHandle stack;
    private final @Nullable MethodHandle virtual; // 21 and later

    ThreadAccess() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        threads = lookup.findStatic(Thread.class, "getThreads", MethodType.methodType(Thread[].class));
        id = lookup.findGetter(Thread.class, "tid", long.class);
        state = lookup.findSpecial(Thread.class, "getState", MethodType.methodType(Thread.State.class), Thread.class);
        stack = lookup.findSpecial(
                Thread.class, "getStackTrace", MethodType.methodType(StackTraceElement[].class), Thread.class);
        virtual = Runtime.version().feature() >= 21
                ? lookup.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class))
                : null;
    }

    /** All live platform threads. */
    Thread[] platformThreads() throws Throwable {
        return (Thread[]) threads.invokeExact();
    }

    long id(Thread thread) throws Throwable {
        return (long) id.invokeExact(thread);
    }

    boolean isVirtual(Thread thread) throws Throwable {
        return virtual != null && (boolean) virtual.invokeExact(thread);
    }

    Thread.State state(Thread thread) throws Throwable {
        return (Thread.State) state.invokeExact(thread);
    }

    /** Innermost frame first; empty if the thread has ended or no stack could be had. */
    StackTraceElement[] stack(Thread thread) throws Throwable {
        return (StackTraceElement[]) stack.invokeExact(thread);
    }
}
