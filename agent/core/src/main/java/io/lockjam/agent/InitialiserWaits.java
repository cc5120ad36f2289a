// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds a static initialiser that waits for a thread, or for the result of its task, which needs the very class: it stands still until the class is there.
 *
 * <p>A thread that is runnable outside native code and uses no CPU for long waits for a class. If only one thread is in any initialiser, it is that one's.
 * The first frame that waits, a lambda expression's own, is hidden, so what the thread needs does not show.
 */
final class InitialiserWaits {
    /** Nanoseconds: what looks like it for a moment may be a crowded machine. */
    private static final long MIN_AGE = 5_000_000_000L;

    /** Nanoseconds until all threads are looked at again, a safepoint, if it was none. */
    private static final long LOOK_AGAIN = 30_000_000_000L;

    private static final int MOST_LOOKS = 8;

    private final ThreadAccess access;
    private final SubclassInit subclasses;
    private @Nullable Thread looked;
    private long lookedAt;
    private @Nullable String found;

    InitialiserWaits(ThreadAccess access, LoadedClasses classes) {
        this.access = access;
        this.subclasses = new SubclassInit(access, classes);
    }

    /**
     * Edges from threads that need the class to the one that initialises it, and those between it and its subclass; none if it is not sure.
     *
     * @param waits of this snapshot; that of the initialiser gets its owner where only the stacks tell it
     */
    List<Edge> edges(ClassInit.Standing standing, List<Edge> waits, long now) throws Throwable {
        List<Edge> cycle = subclasses.edges(standing, now);
        return cycle.isEmpty() ? needing(standing, waits, now) : cycle;
    }

    private List<Edge> needing(ClassInit.Standing standing, List<Edge> waits, long now) throws Throwable {
        List<ClassInit.Stuck> needing = standing.stuck().stream()
                .filter(each -> each.initialises() == null && now - each.since() >= MIN_AGE)
                .toList();
        int looks = 0;
        for (int i = 0; i < waits.size() && !needing.isEmpty() && looks < MOST_LOOKS; i++) {
            Edge wait = waits.get(i);
            ClassInit.Stuck helper = now - wait.since() < MIN_AGE ? null : helper(wait, needing);
            if (helper != null) {
                looks++;
                String type = initialises(wait.waiter(), now);
                if (type != null) {
                    ClassInit.Stuck initialiser =
                            new ClassInit.Stuck(wait.waiter(), wait.waitId(), wait.since(), ClassInit.NO_FRAMES);
                    waits.set(i, wait.ownedBy(helper.thread()));
                    List<ClassInit.Stuck> behind = new ArrayList<>(ClassInit.standing(needing));
                    behind.remove(helper);
                    behind.add(helper);
                    return behind.stream()
                            .map(each -> ClassInit.edge(each, initialiser, type))
                            .toList();
                }
            }
        }
        return List.of();
    }

    /** Who is to end the wait and stands still; of the parts of a parallel stream nobody is the owner. */
    private static ClassInit.@Nullable Stuck helper(Edge wait, List<ClassInit.Stuck> needing) {
        return needing.stream()
                .filter(each -> wait.owner() == null
                        ? isResult(wait) && isPartOfStream(each.frames())
                        : each.thread() == wait.owner())
                .findFirst()
                .orElse(null);
    }

    /** Of a part of a stream, without an owner. */
    private static boolean isResult(Edge wait) {
        return wait.owner() == null
                && wait.kind().equals("future")
                && wait.lockClass().startsWith("java.util.stream.");
    }

    private static boolean isPartOfStream(StackTraceElement[] frames) {
        boolean worker = Arrays.stream(frames)
                .anyMatch(frame -> frame.getClassName().equals("java.util.concurrent.ForkJoinWorkerThread"));
        return worker
                && Arrays.stream(frames).anyMatch(frame -> frame.getClassName().startsWith("java.util.stream."));
    }

    /** The class whose initialiser the thread is in, if no other thread is in any; else null. */
    private @Nullable String initialises(Thread thread, long now) throws Throwable {
        if (looked != thread || (found == null && now - lookedAt > LOOK_AGAIN)) {
            looked = thread;
            lookedAt = now;
            StackTraceElement[] frames = access.stack(thread);
            String type = new ClassInit.Stuck(thread, 0, 0, Objects.requireNonNullElse(frames, ClassInit.NO_FRAMES))
                    .initialises();
            found = type != null && access.initialising() == 1 ? type : null;
        }
        return found;
    }
}
