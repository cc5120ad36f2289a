// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds threads that wait for each other's class initialisation. They look RUNNABLE and no bean names what they wait for;
 * what gives them away is that they use no CPU, move nowhere and have a {@code <clinit>} on their stacks.
 */
final class ClassInit {
    /** A thread that is RUNNABLE outside native code and has used no CPU since the last snapshot. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stuck(Thread thread, long waitId, long since, StackTraceElement[] frames) {
        /** The class whose initialisation the thread began first; null if it initialises none. */
        @Nullable
        String initialises() {
            String found = null;
            for (StackTraceElement frame : frames) {
                if (frame.getMethodName().equals("<clinit>")) {
                    found = frame.getClassName();
                }
            }
            return found;
        }
    }

    /** Threads that are RUNNABLE and use no CPU: stuck outside native code, and those in native code, whose frames are not looked at. */
    record Standing(List<Stuck> stuck, List<Stuck> inNative) {
        Standing() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Stuck thread, boolean isInNative) {
            (isInNative ? inNative : stuck).add(thread);
        }
    }

    static final StackTraceElement[] NO_FRAMES = {};

    private ClassInit() {}

    /** Edges between the threads of {@code stuck}; none if fewer than two of them initialise a class. */
    static List<Edge> edges(List<Stuck> stuck) {
        List<Stuck> initialising =
                stuck.stream().filter(each -> each.initialises() != null).toList();
        List<Edge> edges = new ArrayList<>();
        if (initialising.size() < 2) {
            return edges;
        }
        for (int i = 0; i < initialising.size(); i++) {
            edges.add(edge(initialising.get(i), initialising.get((i + 1) % initialising.size())));
        }
        standing(stuck).forEach(each -> edges.add(edge(each, initialising.get(0))));
        return edges;
    }

    /** Those that initialise nothing and are not idle: they may wait for a class that a thread in another state initialises. */
    static List<Stuck> standing(List<Stuck> stuck) {
        return stuck.stream()
                .filter(each -> each.initialises() == null
                        && Arrays.stream(each.frames()).anyMatch(ClassInit::isOwn))
                .filter(each -> IdleRule.verdict(each.frames(), Thread.State.RUNNABLE) != Verdict.IDLE)
                .toList();
    }

    /** Threads of the JDK's own stand in native calls that are not told from others. */
    private static boolean isOwn(StackTraceElement frame) {
        String type = frame.getClassName();
        return !type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.");
    }

    private static Edge edge(Stuck waiter, Stuck owner) {
        return edge(waiter, owner, String.valueOf(owner.initialises()));
    }

    /** @param type the class that the owner initialises */
    static Edge edge(Stuck waiter, Stuck owner, String type) {
        return new Edge(
                waiter.thread(), waiter.waitId(), "class-init", type, 0, owner.thread(), waiter.since(), false, 1, -1);
    }
}
