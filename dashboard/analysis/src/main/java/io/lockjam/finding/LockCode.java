// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Initial;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the code at the places where threads wait tells of a lock. */
record LockCode(LockWindow lock, Situation all) {
    private static final int SITES_ASKED = 5;
    /** At the end of the name of an element. */
    private static final String ELEMENT = "[]";
    /** Threads that, if each chose at random, would hardly always choose the same one of two. */
    private static final int MANY = 4;

    /** To wake a thread costs tens of microseconds. */
    private static final Duration SHORT = Duration.ofMillis(1);

    /** Whether it is a semaphore that begins with one permit. */
    boolean isMutex() {
        return lock.kind() == WaitKind.SEMAPHORE && all.session().code().initial(stack(), lock.name()) == Initial.ONE;
    }

    /** Whether it is made fair and held so shortly that to hand it on is most of what it costs. */
    boolean isSlowedByFairness() {
        return lock.holds() > 0
                && lock.meanHold().compareTo(SHORT) < 0
                && all.session().code().isFair(stack(), lock.name());
    }

    /** Whether by its code some waiter gives it back later, so that it is lent out rather than handed on. */
    boolean givesBack() {
        return lock.sites().stream()
                .limit(SITES_ASKED)
                .anyMatch(site -> all.session().code().givesBack(site.stack(), lock.kind(), lock.name()));
    }

    /** Whether by its code who waits where most is waited waits for its turn, as threads do that work one after the other. */
    boolean takesTurns() {
        return all.session().code().waitsForTurn(stack());
    }

    /** Of the place where most is waited. */
    private Stack stack() {
        return lock.sites().isEmpty() ? Stack.EMPTY : lock.sites().get(0).stack();
    }

    /**
     * A thread that by its code has what has no owner.
     *
     * @param waitsFor what it waits for meanwhile; null if it does not wait, or for the same
     */
    record Keeper(ThreadRef thread, Stack stack, WaitForGraph.@Nullable Edge waitsFor) {
        /** Whether it goes on only when another task has ended. */
        boolean waitsForResult() {
            return waitsFor != null && HeldTasks.RESULTS.contains(waitsFor.kind());
        }

        String sentence() {
            return "By its code " + thread.label() + " has it, at "
                    + Words.place(stack.site().orElse(null))
                    + (waitsForResult()
                            ? ", and waits there for what another task is to give: if that wants one, too, none is given back any more."
                            : ".");
        }
    }

    /** One that has taken it and stands where it has it still, best one that does not wait for it; of virtual threads those that wait are known. */
    Optional<Keeper> holder() {
        WaitForGraph graph = all.session().graph(all.range().to());
        Stream<Keeper> platform = all.threads().stream()
                .map(thread -> new Keeper(
                        thread.thread(),
                        thread.stack(),
                        graph.of(thread.thread().id()).orElse(null)));
        Stream<Keeper> virtual = graph.edges().stream()
                .filter(edge -> edge.waiter().virtual())
                .map(edge -> new Keeper(edge.waiter(), DeadlockRule.stackOf(edge, all), edge));
        return Stream.concat(platform, virtual)
                .sorted(Comparator.comparing(this::isWaiter))
                .filter(keeper -> all.session().code().owes(keeper.stack()).stream()
                        .anyMatch(each -> each.taken()
                                && each.kind() == lock.kind()
                                && each.name().equals(lock.name())))
                .map(keeper -> isWaiter(keeper) ? new Keeper(keeper.thread(), keeper.stack(), null) : keeper)
                .findFirst();
    }

    private boolean isWaiter(Keeper keeper) {
        return keeper.waitsFor() != null && keeper.waitsFor().lockId().equals(lock.id());
    }

    /** About the choice of a lock where all wait for one of an array: a sentence; empty for any other lock, and where few wait. */
    private Optional<String> oneOfMany() {
        boolean one = lock.name().endsWith(ELEMENT)
                && lock.objects() == 1
                && all.locks().stream()
                        .noneMatch(other ->
                                !other.id().equals(lock.id()) && other.name().equals(lock.name()));
        boolean many = lock.waiters() >= MANY && lock.contentions() >= MANY * MANY;
        return one && many
                ? Optional.of("All wait for one of " + Words.simple(lock.name())
                        + " and none for another: look at what chooses it"
                        + stack().site()
                                .map(frame -> ", at " + Words.place(frame))
                                .orElse("") + ".")
                : Optional.empty();
    }

    /** What to use in place of a list or set that each change copies, as a sentence; empty for any other lock. */
    Optional<String> copied() {
        boolean copies = stack().frames().stream()
                .takeWhile(Frame::isJdk)
                .anyMatch(frame -> frame.className().startsWith("java.util.concurrent.CopyOnWriteArray"));
        return copies
                ? Optional.of(Words.simple(lock.name()).replaceFirst(" at .*", "")
                        + " copies all of its elements at each change, under one lock: use a class that is changed in place, such as"
                        + " ConcurrentLinkedQueue or ConcurrentHashMap.newKeySet(), or change it less often.")
                : Optional.empty();
    }

    /** To take the read lock, as a sentence, where by its code who waits for the write lock only reads; empty for any other lock. */
    Optional<String> readLock() {
        return isForWriting()
                        && !Libraries.has(lock.name())
                        && all.session().code().onlyReads(stack())
                ? Optional.of("Take the read lock of " + Words.simple(lock.name()) + " in place of its write lock"
                        + stack().site()
                                .map(frame -> " at " + Words.place(frame))
                                .orElse("")
                        + ": by its code it only reads there, and readers share a read lock.")
                : Optional.empty();
    }

    private boolean isForWriting() {
        return lock.kind() == WaitKind.WRITE
                || (lock.kind() == WaitKind.STAMPED
                        && stack().frames().stream()
                                .takeWhile(Frame::isJdk)
                                .anyMatch(frame -> frame.method().equals("writeLock")));
    }

    /** What is wrong with the choice of the lock, with a blank before it; empty if nothing is known to be. */
    String choice() {
        return SharedConstant.note(lock)
                .or(this::oneOfMany)
                .map(note -> " " + note)
                .orElse("");
    }

    /** What to use in place of a class of the JDK that locks in each of its methods; empty for any other lock. */
    Optional<String> instead() {
        String type = lock.className();
        String simple = type.substring(type.lastIndexOf('.') + 1);
        String use = !type.startsWith("java.util.") && !type.startsWith("java.lang.")
                ? null
                : switch (simple) {
                    case "Hashtable", "Properties", "Collections$SynchronizedMap" -> "a ConcurrentHashMap";
                    case "Collections$SynchronizedSet" -> "ConcurrentHashMap.newKeySet()";
                    case "Vector",
                            "Stack",
                            "Collections$SynchronizedList",
                            "Collections$SynchronizedRandomAccessList" ->
                        "a CopyOnWriteArrayList (if it is mostly read) or a ConcurrentLinkedQueue (if it is mostly added to)";
                    case "StringBuffer" -> "a StringBuilder for each thread";
                    default -> null;
                };
        return Optional.ofNullable(use);
    }
}
