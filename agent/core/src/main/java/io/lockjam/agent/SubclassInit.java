// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds threads that wait for each other's class initialisation where only one of them shows it. Whoever begins a class initialises its superclass first:
 * if another thread does that already, it waits with no {@code <clinit>} on its stack; and if that one needs the subclass, both wait for ever.
 *
 * <p>A thread that stands still in an initialiser, outside native code, waits for a class. If it is the only one that is in any initialiser, who initialises
 * that class can but wait for the superclass.
 */
final class SubclassInit {
    /** Nanoseconds: what looks like it for a moment may be a crowded machine. */
    private static final long MIN_AGE = 5_000_000_000L;

    /** Nanoseconds until all threads are looked at again, a safepoint, if it was none. */
    private static final long LOOK_AGAIN = 30_000_000_000L;

    private static final int MOST_NATIVE = 16;

    /** Native methods in which a class is begun without code of the application. */
    private static final Set<String> BEGINNING = Set.of("forName0", "ensureClassInitialized0");

    private final ThreadAccess access;
    private final LoadedClasses classes;
    private @Nullable Thread looked;
    private long lookedAt;
    private long wait;
    private @Nullable String subclass;

    SubclassInit(ThreadAccess access, LoadedClasses classes) {
        this.access = access;
        this.classes = classes;
    }

    /** The edges between those that wait, the first from the thread that initialises; none if it is not sure. Those in native code count as stuck then. */
    List<Edge> edges(ClassInit.Standing standing, long now) throws Throwable {
        List<ClassInit.Stuck> initialising = standing.stuck().stream()
                .filter(each -> each.initialises() != null)
                .toList();
        if (initialising.size() != 1 || now - initialising.get(0).since() < MIN_AGE) {
            return List.of();
        }
        List<ClassInit.Stuck> inNative = inNative(standing.inNative());
        List<ClassInit.Stuck> waiting = new ArrayList<>(ClassInit.standing(standing.stuck()));
        waiting.addAll(inNative);
        waiting.removeIf(each -> now - each.since() < MIN_AGE);
        ClassInit.Stuck initialiser = initialising.get(0);
        String needed = waiting.isEmpty() ? null : subclass(initialiser, now);
        if (needed == null) {
            return List.of();
        }
        standing.stuck().addAll(inNative);
        String begun = String.valueOf(initialiser.initialises());
        List<Edge> edges = new ArrayList<>();
        edges.add(ClassInit.edge(initialiser, waiting.get(0), needed));
        waiting.forEach(each -> edges.add(ClassInit.edge(each, initialiser, begun)));
        return edges;
    }

    private List<ClassInit.Stuck> inNative(List<ClassInit.Stuck> all) throws Throwable {
        List<ClassInit.Stuck> beginning = new ArrayList<>();
        for (ClassInit.Stuck each : all.subList(0, Math.min(MOST_NATIVE, all.size()))) {
            StackTraceElement[] frames = access.stack(each.thread());
            if (frames.length > 0 && BEGINNING.contains(frames[0].getMethodName())) {
                beginning.add(new ClassInit.Stuck(each.thread(), each.waitId(), each.since(), frames));
            }
        }
        return beginning;
    }

    /** The subclass of the class that is being initialised, as far as it is known; null if none is loaded, or another thread initialises a class, too. */
    private @Nullable String subclass(ClassInit.Stuck initialiser, long now) throws Throwable {
        boolean known = looked == initialiser.thread() && wait == initialiser.waitId();
        if (!known || (subclass == null && now - lookedAt > LOOK_AGAIN)) {
            looked = initialiser.thread();
            wait = initialiser.waitId();
            lookedAt = now;
            subclass = access.initialising() == 1 ? classes.subclass(String.valueOf(initialiser.initialises())) : null;
        }
        return subclass;
    }
}
