// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Limits;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a session what happened in a program, second by second, with given instants. */
final class Story {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final LockRef LOCK = new LockRef("java.util.concurrent.locks.ReentrantLock", "a1");
    static final LockRef OTHER = new LockRef("java.util.concurrent.locks.ReentrantLock", "b2");
    static final LockRef MONITOR = new LockRef("com.acme.Cache", "f00");
    static final LockRef NAMED_MONITOR = new LockRef("com.acme.Cache", "ba5e");

    /** What the code calls locks. */
    final Map<LockRef, String> names =
            new HashMap<>(Map.of(LOCK, "com.acme.Cache.lock", NAMED_MONITOR, "com.acme.Shop.cache"));

    /** What the code says: methods that wait outside a loop, and those that wake one waiter. */
    final Set<String> waitsOnce = new HashSet<>();

    final Set<String> wakesOne = new HashSet<>();
    /** Methods of classes that wake all waiters. */
    final Set<String> wakesAll = new HashSet<>();
    /** Methods that only look, again and again. */
    final Set<String> polls = new HashSet<>();

    final Map<String, String> searched = new HashMap<>();
    final Set<String> leavesPermit = new HashSet<>();
    /** Methods of loops that set their own flag of interruption. */
    final Set<String> interrupting = new HashSet<>();
    /** Methods that call one which only pauses. */
    final Set<String> loops = new HashSet<>();
    /** Names of locks that are made fair. */
    final Set<String> fair = new HashSet<>();
    /** Methods that take a write lock only to read. */
    final Set<String> onlyReading = new HashSet<>();
    /** What is owed by the code of a method. */
    final Map<String, Set<Owed>> owed = new HashMap<>();
    /** From the method that a task is to the one that makes it. */
    final Map<String, String> tasks = new HashMap<>();
    /** Methods that give signals. */
    final Set<String> places = new HashSet<>();
    /** Methods that give back what they wait for. */
    final Set<String> borrowers = new HashSet<>();
    /** Those that do so on some way. */
    final Set<String> mayGiveBack = new HashSet<>();
    /** Methods that wait for their turn. */
    final Set<String> inTurn = new HashSet<>();
    /** Tasks and callbacks that give, at any time. */
    final Set<String> giving = new HashSet<>();
    /** The only tasks that can give what a method waits for. */
    final Map<String, Set<String>> givers = new HashMap<>();
    /** The methods by which threads come to what a method waits for. */
    final Map<String, Set<String>> ways = new HashMap<>();
    /** Of these, the ones that a scheduler or timer may start. */
    final Set<String> timed = new HashSet<>();
    /** From the method that waits for the end of a pool to the task that this one runs. */
    final Map<String, String> ends = new HashMap<>();
    /** Methods that lead to one of these further on. */
    final Set<String> coming = new HashSet<>();
    /** What the code of a method waits for in vain. */
    final Map<String, Unsignalled> unsignalled = new HashMap<>();
    /** Methods that run what they take from a queue. */
    final Set<String> runners = new HashSet<>();
    /** Methods that stand in a block that has a lock. */
    final Set<String> inLock = new HashSet<>();
    /** Methods whose loop does nothing but look and wait. */
    final Set<String> guards = new HashSet<>();
    /** Methods that come to a read of a stream. */
    final Set<String> reading = new HashSet<>();
    /** Methods that wait for a task which nobody runs. */
    final Set<String> neverRun = new HashSet<>();
    /** Methods of tasks that wait for the end of their own pool. */
    final Set<String> ownEnd = new HashSet<>();
    /** Methods on whose stacks nobody takes a lock. */
    final Set<String> takingNone = new HashSet<>();
    /** Methods that keep one of what they borrow while they ask for another. */
    final Set<String> keepingOne = new HashSet<>();
    /** Methods of files that only hand in tasks. */
    final Set<String> submitting = new HashSet<>();
    /** What things of a name begin with. */
    final Map<String, Initial> initials = new HashMap<>();
    /** Methods that give a lock back each time. */
    final Set<String> heldOnce = new HashSet<>();

    /** Where something is offered to a queue of a name without a look at the answer. */
    final Map<String, Frame> dropped = new HashMap<>();
    /** Types of libraries that callbacks are of, by the method that waits in one; the outermost frame has called it. */
    final Map<String, String> callbacks = new HashMap<>();
    /** Classes that the code of a method uses for the first time. */
    final Map<String, String> initialised = new HashMap<>();

    final Session session = new Session(new StoryCode(this), new Limits(900, 200, 300, 1_000, 20_000, 10_000));

    Story() {
        session.describe(new Target(1, "com.acme.Main", "17", 2, START));
    }

    static ThreadRef thread(String name) {
        return new ThreadRef((name.hashCode() & 0x7fffffffL) + 1L, name, false, (name.hashCode() & 0x7fffffffL) + 7L);
    }

    static Instant at(double seconds) {
        return START.plusNanos((long) (seconds * 1e9));
    }

    static Duration millis(double millis) {
        return Duration.ofNanos((long) (millis * 1e6));
    }

    static Stack stack(String... methods) {
        List<Frame> frames = new ArrayList<>();
        for (String method : methods) {
            int dot = method.lastIndexOf('.');
            String type = method.substring(0, dot);
            String file = type.substring(type.lastIndexOf('.') + 1) + ".java";
            frames.add(new Frame(type, method.substring(dot + 1), "()V", file, 10 + method.length(), 3));
        }
        return new Stack(frames);
    }

    Story tell(Fact fact) {
        session.accept(fact);
        return this;
    }

    /** All named threads are in a state at a second; letters as in ThreadStates. */
    Story states(double second, Map<String, Character> letters) {
        return states(second, letters, 0);
    }

    Story states(double second, Map<String, Character> letters, long virtual) {
        Map<Long, Character> states = new HashMap<>();
        Map<Long, String> names = new HashMap<>();
        letters.forEach((name, letter) -> states.put(thread(name).id(), letter));
        letters.keySet().forEach(name -> names.put(thread(name).id(), name));
        return tell(new Fact.ThreadStates(at(second), (long) second, states, names, virtual, 0, 1));
    }

    Story wait(
            double end,
            double millis,
            WaitKind kind,
            LockRef lock,
            String waiter,
            @Nullable String owner,
            @Nullable String releasedBy,
            Stack stack,
            boolean counted) {
        return tell(new Fact.WaitEnded(
                at(end),
                millis(millis),
                kind,
                lock,
                thread(waiter),
                owner == null ? null : thread(owner),
                releasedBy == null ? null : thread(releasedBy),
                stack,
                1,
                counted,
                true));
    }

    Story totals(double second, LockRef lock, long waits, double waitedMillis, long holds, double heldMillis) {
        return totals(second, WaitKind.LOCK, lock, waits, waitedMillis, holds, heldMillis);
    }

    Story totals(
            double second,
            WaitKind kind,
            LockRef lock,
            long waits,
            double waitedMillis,
            long holds,
            double heldMillis) {
        long each = waits == 0 ? 0 : (long) (waitedMillis * 1e6 / waits);
        long[] spans = new long[(int) Math.min(waits, 100)];
        Arrays.fill(spans, each);
        return tell(new Fact.LockTotals(
                at(second),
                Duration.ofSeconds(1),
                kind,
                lock,
                waits,
                millis(waitedMillis),
                Duration.ofNanos(each),
                Histogram.of(spans),
                holds,
                millis(heldMillis),
                millis(holds == 0 ? 0 : heldMillis / holds),
                0,
                false));
    }

    Story waitingNow(
            double second,
            String waiter,
            long waitId,
            WaitKind kind,
            LockRef lock,
            @Nullable String owner,
            double soFar,
            boolean idle) {
        return tell(new Fact.WaitingNow(
                at(second),
                (long) second,
                thread(waiter),
                waitId,
                kind,
                lock,
                owner == null ? null : thread(owner),
                Duration.ofNanos((long) (soFar * 1e9)),
                idle,
                1));
    }

    Story did(double end, double millis, String thread, Fact.ActivityKind kind, Stack stack) {
        return tell(new Fact.Activity(at(end), millis(millis), thread(thread), kind, stack, null));
    }

    Story seen(double at, String thread, String reason, String state, Stack stack) {
        return tell(new Fact.StackSeen(at(at), thread(thread), reason, null, state, stack));
    }

    /** The stack of a thread that waits for this lock. */
    Story waits(double at, String thread, LockRef lock, String state, Stack stack) {
        return tell(new Fact.StackSeen(at(at), thread(thread), "waiter", lock, state, stack));
    }

    Story pool(double second, Map<String, Number> figures) {
        return tell(PoolFigures.of(figures).at(second));
    }

    Findings check(double from, double to) {
        return Findings.check(session, new Range(at(from), at(to)));
    }

    List<String> kinds(double from, double to) {
        return check(from, to).found().stream().map(each -> each.kind().id()).toList();
    }
}
