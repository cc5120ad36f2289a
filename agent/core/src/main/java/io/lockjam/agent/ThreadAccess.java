// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import java.util.TreeSet;
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
    private final MethodHandle stacks;
    private final @Nullable MethodHandle virtual; // 21 and later

    ThreadAccess() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        threads = lookup.findStatic(Thread.class, "getThreads", MethodType.methodType(Thread[].class));
        id = lookup.findGetter(Thread.class, "tid", long.class);
        state = lookup.findSpecial(Thread.class, "getState", MethodType.methodType(Thread.State.class), Thread.class);
        stack = lookup.findSpecial(
                Thread.class, "getStackTrace", MethodType.methodType(StackTraceElement[].class), Thread.class);
        stacks = lookup.findStatic(
                Thread.class, "dumpThreads", MethodType.methodType(StackTraceElement[][].class, Thread[].class));
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

    /** How many platform threads are in a static initialiser. One look at all of them, a safepoint. */
    int initialising() throws Throwable {
        int count = 0;
        for (StackTraceElement[] frames : (StackTraceElement[][]) stacks.invokeExact(platformThreads())) {
            boolean found = false;
            for (StackTraceElement frame : frames == null ? new StackTraceElement[0] : frames) {
                found |= frame.getMethodName().equals("<clinit>");
            }
            count += found ? 1 : 0;
        }
        return count;
    }

    /**
     * "thread class.method" of frames in these classes. One look at all platform threads, a safepoint; Thread.getAllStackTraces would ask them for
     * their hash codes.
     */
    Set<String> running(Set<String> internalNames) {
        Set<String> found = new TreeSet<>();
        if (internalNames.isEmpty()) {
            return found;
        }
        try {
            Thread[] all = platformThreads();
            StackTraceElement[][] frames = (StackTraceElement[][]) stacks.invokeExact(all);
            for (int i = 0; i < all.length; i++) {
                add(found, id(all[i]), frames[i], internalNames);
            }
        } catch (RuntimeException | Error fault) {
            throw fault;
        } catch (Throwable impossible) { // handles declare it
            throw new IllegalStateException(impossible);
        }
        return found;
    }

    /** @param frames null if the thread has ended */
    private static void add(
            Set<String> found, long id, StackTraceElement @Nullable [] frames, Set<String> internalNames) {
        for (StackTraceElement frame : frames == null ? new StackTraceElement[0] : frames) {
            if (internalNames.contains(frame.getClassName().replace('.', '/'))) {
                found.add(id + " " + frame.getClassName() + "." + frame.getMethodName());
            }
        }
    }
}
