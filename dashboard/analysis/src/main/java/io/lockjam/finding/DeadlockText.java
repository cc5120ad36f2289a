// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.WaitForGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The words for one cycle of threads that wait for each other: the cure depends on what they wait for.
 *
 * @param stacks of the waiters, in the order of the cycle; empty where none was taken
 * @param concluded ids of waiters for which the code alone tells who is to end their wait
 */
record DeadlockText(List<WaitForGraph.Edge> cycle, List<Stack> stacks, Set<Long> concluded) {
    /** They hold the bin of their key while they call the function they were given. */
    private static final Set<String> COMPUTING = Set.of("compute", "computeIfAbsent", "computeIfPresent", "merge");

    /** Before the name of each class where the code leaves open which one it is. */
    private static final String CLASS = "class ";

    /** What the agent puts behind the name of a class of which it does not know which subclass it is. */
    private static final String SUBCLASS = "'s subclass";

    /** Who waits for whom, and where. */
    String steps() {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < cycle.size(); i++) {
            String at = site(i).map(frame -> ", at " + Words.place(frame)).orElse("") + calledFrom(stacks.get(i));
            WaitForGraph.Edge edge = cycle.get(i);
            boolean byCode = concluded.contains(edge.waiter().id());
            steps.add((byCode ? concludedStep(edge) : step(edge)) + at);
        }
        return String.join("; ", steps) + ".";
    }

    private String holder(WaitForGraph.Edge edge) {
        ThreadRef owner = edge.owner();
        return owner == null ? "nobody known" : owner.id() == edge.waiter().id() ? "itself" : label(owner);
    }

    /** With its number where another thread of the cycle has the same name. */
    private String label(ThreadRef thread) {
        boolean alone = cycle.stream()
                .map(WaitForGraph.Edge::waiter)
                .noneMatch(other -> other.id() != thread.id() && other.label().equals(thread.label()));
        return alone ? thread.label() : thread.label() + " #" + thread.id();
    }

    /** Of a wait that nobody owns. */
    private String concludedStep(WaitForGraph.Edge edge) {
        String waiter = label(edge.waiter());
        String holder = cycle.size() > 2 && !isAlone(edge) ? "one of the others" : holder(edge);
        String name = name(edge);
        return switch (edge.kind()) {
            case SEMAPHORE -> waiter + " wants a permit of " + name + ", of which by its code " + holder + " has one";
            case LATCH -> waiter + " waits for " + name + ", which " + holder + " has still to count down";
            case BARRIER, PHASER, EXCHANGER -> waiter + " waits at " + name + " for " + holder;
            case QUEUE_PUT -> waiter + " waits for room in " + name + ", from which by its code " + holder + " takes";
            case QUEUE_TAKE ->
                waiter + " waits for an element of " + name
                        + (ofOne()
                                ? ", one of which by its code " + holder + " has and is to put back"
                                : ", which " + holder + " has still to put in");
            case FUTURE, PARK, JOIN -> waiter + " waits for a result that " + holder + " has still to give";
            case CONDITION, OBJECT_WAIT ->
                waiter + " waits for a signal on " + name + ", which " + holder + " has still to give";
            case STAMPED, MONITOR, LOCK, READ, WRITE, CLASS_INIT ->
                waiter + " wants " + name + ", which by its code is held by " + holder;
        };
    }

    private String step(WaitForGraph.Edge edge) {
        String waiter = label(edge.waiter());
        String holder = holder(edge);
        String name = name(edge);
        return switch (edge.kind()) {
            case JOIN -> waiter + " waits for the end of " + holder;
            case FUTURE -> waiter + " waits for the result of a task that is run by " + holder;
            case CLASS_INIT -> waiter + " wants " + initialised(edge) + ", which is being initialised by " + holder;
            case READ -> waiter + " wants the read lock of " + name + ", held by " + holder;
            case WRITE -> waiter + " wants the write lock of " + name + ", held by " + holder;
            case MONITOR,
                    OBJECT_WAIT,
                    LOCK,
                    STAMPED,
                    CONDITION,
                    SEMAPHORE,
                    LATCH,
                    BARRIER,
                    PHASER,
                    EXCHANGER,
                    PARK,
                    QUEUE_PUT,
                    QUEUE_TAKE -> waiter + " wants " + name + ", held by " + holder;
        };
    }

    /** {@code class Shape}, or one of its subclasses of which it is not known which. */
    private String initialised(WaitForGraph.Edge edge) {
        String name = edge.lockName();
        return name.endsWith(SUBCLASS)
                ? "a subclass of " + Words.simple(name.substring(0, name.length() - SUBCLASS.length()))
                : CLASS + name(edge).replaceFirst("^" + CLASS, "");
    }

    /** Without the place that stands for a lock of no name: it follows anyway. With its number where another of the cycle has the same name. */
    private String name(WaitForGraph.Edge edge) {
        String name = Words.simple(edge.lockName());
        int at = name.indexOf(" at ");
        boolean numbered = !isAlone(edge) && !edge.lock().identity().equals(LockRef.UNKNOWN_IDENTITY);
        return (at < 0 ? name : name.substring(0, at))
                + (numbered ? "@" + edge.lock().identity() : "");
    }

    /** Whether no other lock of the cycle has its name: else the code does not tell who has which of them. */
    private boolean isAlone(WaitForGraph.Edge edge) {
        return cycle.stream()
                .noneMatch(other ->
                        !other.lock().equals(edge.lock()) && other.lockName().equals(edge.lockName()));
    }

    private static boolean isOfLibrary(WaitForGraph.Edge edge) {
        return edge.kind() == WaitKind.CLASS_INIT
                && Libraries.has(edge.lockName().replaceFirst("^" + CLASS, ""));
    }

    /** One imperative sentence. */
    String change() {
        if (any(WaitKind.CLASS_INIT) && cycle.stream().allMatch(DeadlockText::isOfLibrary)) {
            return "Let one thread use both classes before the others start, as by a call at the begin of main, or look for a version"
                    + " of the library whose initialisers do not need each other" + places(" (", ")") + ".";
        }
        if (any(WaitKind.CLASS_INIT)
                && cycle.stream().anyMatch(edge -> edge.kind() != WaitKind.CLASS_INIT && waitsForAnEnd(edge.kind()))) {
            return "Do not wait for another thread or task inside the static initialiser"
                    + sites().stream()
                            .filter(frame -> frame.method().equals("<clinit>"))
                            .findFirst()
                            .map(frame -> ", at " + Words.place(frame))
                            .orElse("")
                    + ": it needs the class, as a lambda expression written there does, and the class is there only once the"
                    + " initialiser has ended. Do the work in the initialising thread itself, or in a method that is called later.";
        }
        if (any(WaitKind.CLASS_INIT)) {
            return "Break the cycle of static initialisers: move what one class needs of the other out of its static block"
                    + places(" (", ")") + ".";
        }
        if (!concluded.isEmpty()
                && ofOne()
                && (cycle.get(0).kind().isLock() || cycle.get(0).kind() == WaitKind.QUEUE_TAKE)) {
            return takesTwice(cycle.get(0));
        }
        if (cycle.stream().allMatch(edge -> edge.kind() == WaitKind.QUEUE_PUT)) {
            return fullQueue();
        }
        if (cycle.stream().anyMatch(edge -> waitsForAnEnd(edge.kind()))) {
            return waitsForAnEnd();
        }
        if (upgrades()) {
            return "Give back the read lock before asking for the write lock" + places(" at ", "")
                    + " and look again once it is granted, or take the write lock from the start: a read lock cannot be upgraded.";
        }
        if (stacks.stream().allMatch(DeadlockText::computes)) {
            return "Do not use a map inside the function that is given to compute or merge" + places(" at ", "")
                    + ": work the value out first, then store it with putIfAbsent.";
        }
        if (stacks.stream().allMatch(DeadlockText::isCalledBack)) {
            return "Do not call "
                    + site(0).map(Frame::className).map(Words::simple).orElse("")
                    + " from code that it calls itself" + places(", at ", "")
                    + ": it keeps a lock meanwhile. Get what is needed before, or let one of the two do without the other.";
        }
        if (alike()) {
            return "Lock the " + (cycle.size() == 2 ? "two " : "") + "objects of class "
                    + Words.simple(cycle.get(0).lock().className())
                    + " in an order that does not depend on the caller, such as the smaller id first"
                    + places(", at ", "") + ".";
        }
        if (cycle.stream().allMatch(edge -> !isAlone(edge)) && atOnePlace()) {
            return "Take " + Words.simple(cycle.get(0).lockName())
                    + " in an order that does not depend on the thread, such as the smaller index first"
                    + places(", at ", "")
                    + ".";
        }
        String tries = cycle.stream().anyMatch(edge -> edge.kind() == WaitKind.MONITOR)
                ? "."
                : ", or ask for the second with " + (any(WaitKind.SEMAPHORE) ? "tryAcquire" : "tryLock")
                        + " and give back the first.";
        return "Take these locks in one order everywhere" + places(": change ", "") + tries;
    }

    /** Of a thing that does not know who has it, asked for by who has it. */
    private String takesTwice(WaitForGraph.Edge edge) {
        return switch (edge.kind()) {
            case STAMPED ->
                "Do not lock " + name(edge) + " again" + places(" at ", "")
                        + ": a StampedLock does not know that the thread has it already. To go on from reading to writing use tryConvertToWriteLock.";
            case QUEUE_TAKE ->
                "Do not take a second element of " + name(edge) + places(" at ", "")
                        + " while keeping one: use the first for all the work, or put it back before.";
            default ->
                "Do not ask for a second permit of " + name(edge) + places(" at ", "")
                        + " while holding one: acquire both at once, or pass the permit on.";
        };
    }

    private String fullQueue() {
        return "Do not wait for room in " + name(cycle.get(0)) + " in the threads that take from it"
                + places(", at ", "") + ": use offer and do the rest in place, or an unbounded queue.";
    }

    /** For a signal, a result or an end rather than for something that is held. */
    private static boolean waitsForAnEnd(WaitKind kind) {
        return !kind.isLock();
    }

    private String waitsForAnEnd() {
        int last = 0;
        for (int i = 0; i < cycle.size(); i++) {
            last = waitsForAnEnd(cycle.get(i).kind()) ? i : last;
        }
        WaitForGraph.Edge ends = cycle.get(last);
        WaitForGraph.Edge wanted = cycle.get((last + cycle.size() - 1) % cycle.size()); // for what the waiter holds
        String what = what(ends.kind());
        int waits = last;
        String at = own(stacks.get(last))
                .or(() -> site(waits))
                .map(frame -> " at " + Words.place(frame))
                .orElse("");
        if (cycle.size() == 1) {
            return ends.kind() == WaitKind.JOIN
                    ? "Do not join the current thread" + at + "."
                    : "Do not wait inside a task for the task's own result" + at + ".";
        }
        boolean holds = !waitsForAnEnd(wanted.kind());
        if (holds && exits(stacks.get(last))) {
            return "Do not call System.exit" + at + ": it waits for the shutdown hooks, and "
                    + wanted.waiter().label() + " wants " + name(wanted)
                    + ", which the caller keeps. Throw an exception there, or exit in a thread of its own.";
        }
        return holds
                ? "Give back " + name(wanted) + " before waiting " + what + at + "."
                : "Let only one of them wait " + what + places(": change ", "") + ".";
    }

    /** Whether the thread ends the program: it waits for all shutdown hooks to end. */
    static boolean exits(Stack stack) {
        return stack.frames().stream()
                .anyMatch(frame -> frame.className().equals("java.lang.Runtime")
                        && frame.method().equals("exit"));
    }

    private static String what(WaitKind kind) {
        return switch (kind) {
            case JOIN -> "for the end of another thread";
            case FUTURE, PARK -> "for the result of another task";
            case BARRIER, PHASER, EXCHANGER -> "for another thread";
            case QUEUE_PUT, QUEUE_TAKE -> "at the queue";
            case LATCH, CONDITION, OBJECT_WAIT, MONITOR, LOCK, READ, WRITE, STAMPED, SEMAPHORE, CLASS_INIT ->
                "for the signal";
        };
    }

    String certainty(boolean atOneMoment) {
        if (!concluded.isEmpty()) {
            return "Concluded from the code on the stacks, since nobody owns what "
                    + Words.list(cycle.stream()
                            .map(WaitForGraph.Edge::waiter)
                            .filter(waiter -> concluded.contains(waiter.id()))
                            .map(ThreadRef::label)
                            .toList())
                    + (concluded.size() == 1 ? " waits for" : " wait for")
                    + "; every thread of the cycle is in the same wait in two snapshots.";
        }
        return atOneMoment
                ? "Exact: a thread dump of the JVM shows every thread of the cycle at one moment."
                : "Exact: every thread of the cycle is in the same wait in two snapshots.";
    }

    String expect() {
        if (cycle.stream().anyMatch(edge -> waitsForAnEnd(edge.kind()))
                || any(WaitKind.CLASS_INIT)
                || cycle.size() == 1) {
            return "Without that wait no cycle can form.";
        }
        return "With one order no cycle can form.";
    }

    private boolean any(WaitKind kind) {
        return cycle.stream().anyMatch(edge -> edge.kind() == kind);
    }

    /** All want to write to one lock that they read. */
    private boolean upgrades() {
        return cycle.stream().allMatch(edge -> edge.kind() == WaitKind.WRITE) && ofOne();
    }

    /** All wait for one object. */
    private boolean ofOne() {
        return cycle.stream().map(WaitForGraph.Edge::lock).distinct().count() == 1;
    }

    /** Several objects of one class of the application, all asked for by the same code. */
    private boolean alike() {
        String type = cycle.get(0).lock().className();
        return !type.startsWith("java.")
                && cycle.stream().allMatch(edge -> edge.lock().className().equals(type))
                && atOnePlace();
    }

    private boolean atOnePlace() {
        return sites().stream().map(Words::place).distinct().count() == 1;
    }

    /** Whether the application asks a library for a lock in code that the same class of the library has called. */
    private static boolean isCalledBack(Stack stack) {
        List<Frame> frames =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        if (frames.isEmpty() || !Libraries.has(frames.get(0).className())) {
            return false;
        }
        String library = frames.get(0).className();
        return frames.stream()
                .dropWhile(frame -> Libraries.has(frame.className()))
                .anyMatch(frame -> frame.className().equals(library));
    }

    /** Whether a function runs that was given to a ConcurrentHashMap. */
    static boolean computes(Stack stack) {
        return stack.frames().stream()
                .anyMatch(frame -> frame.className().equals("java.util.concurrent.ConcurrentHashMap")
                        && COMPUTING.contains(frame.method()));
    }

    /** The application's own line under one of a library; empty if there is none, or the site is its own. */
    private static String calledFrom(Stack stack) {
        Optional<Frame> own = own(stack);
        return own.isEmpty() || own.equals(stack.site()) ? "" : ", called from " + Words.place(own.get());
    }

    private static Optional<Frame> own(Stack stack) {
        return stack.frames().stream().filter(Frame::isOwn).findFirst();
    }

    private Optional<Frame> site(int index) {
        return stacks.get(index).site();
    }

    private List<Frame> sites() {
        return stacks.stream().flatMap(stack -> stack.site().stream()).toList();
    }

    /** Lines to change: the application's own where there is one. */
    private String places(String before, String after) {
        List<String> places = stacks.stream()
                .flatMap(stack -> own(stack).or(stack::site).stream())
                .map(Words::place)
                .distinct()
                .toList();
        return places.isEmpty() ? "" : before + Words.either(places) + after;
    }
}
