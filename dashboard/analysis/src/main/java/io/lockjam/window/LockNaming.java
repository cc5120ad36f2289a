// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the name that the code at a wait site has for the lock it takes there. */
@FunctionalInterface
public interface LockNaming {
    /** Knows no name: locks are called by their class and site. */
    LockNaming NONE = (kind, lock, stack) -> Optional.empty();

    /**
     * Must be quick or cache: it runs in the thread that feeds the session.
     *
     * @param stack the waiter's, innermost frame first; never empty
     */
    Optional<String> name(WaitKind kind, LockRef lock, Stack stack);

    /** Takes over a name that the recording kept; those asked for before are asked for again. */
    default void learn(Fact.Named named) {}

    /** Whether a name leaves open which of two locks it is, so that another site may know better. */
    default boolean leavesOpen(String name) {
        return false;
    }

    /**
     * Whether the innermost frame stands in a loop that calls nothing but {@code Thread.onSpinWait}, {@code Thread.yield} or a getter and
     * stores nothing: it only waits for a value to change.
     */
    default boolean polls(Stack stack) {
        return false;
    }

    /** The frame with the loop of a stack that {@link #polls}: a method called there may do the pause. */
    default Optional<Frame> loop(Stack stack) {
        return stack.site();
    }

    /** Where by its code the waiter takes a permit that an exception of what it calls next leaves taken; empty if none does. */
    default Optional<Frame> leavesPermit(Stack waiter) {
        return Optional.empty();
    }

    /** The field with a map that is not thread-safe, in whose own loop the thread stands; empty if in none, or the map is never changed by the code. */
    default Optional<String> searched(Stack stack) {
        return Optional.empty();
    }

    /** Whether the thread is in a loop that catches an interruption, sets the flag again and waits once more: each wait then ends at once. */
    default boolean interruptsItself(Stack stack) {
        return false;
    }

    /** Whether no method of the application on the stack stands in a loop, so that the thread waits there once and for all. */
    default boolean waitsOnce(Stack stack) {
        return false;
    }

    /**
     * Whether by its code a thread may hold what others wait for where it stands; true if the code is not known.
     *
     * @param taken where it last waited for it itself; null if it did not or that is forgotten
     */
    default boolean mayHold(WaitKind kind, Stack stack, @Nullable Frame taken) {
        return true;
    }

    /**
     * Whether by its code a method has a lock where it calls the next one on the stack; false where that is not known.
     *
     * @param index of its frame
     */
    default boolean standsInLock(Stack stack, int index) {
        return false;
    }

    /** Whether by the code no method on the stack takes a lock of {@code java.util.concurrent.locks} or calls one that returns with it; false if that is not known. */
    default boolean takesNoLock(Stack stack) {
        return false;
    }

    /**
     * The frame of a method on the stack that has taken a lock or a permit and gives it back whatever way it goes, and that comes to where the stack
     * stands once while it has it; empty if none is known to.
     */
    default Optional<Frame> heldOnce(Stack stack) {
        return Optional.empty();
    }

    /** The stack with the lines that the code tells of frames that have lost theirs. */
    default Stack withLines(Stack stack) {
        return stack;
    }

    /** What a thread is to give by the code of its stack, once it gets on. */
    default Set<Owed> owes(Stack stack) {
        return Set.of();
    }

    /** Whether what one thread runs as a task was made by the method in which the other waits. */
    default boolean runsTaskOf(Stack runner, Stack waiter) {
        return false;
    }

    /** The methods, as class and name, that by the code end waits of a kind for a thing of a name. */
    default Set<String> places(Stack waiter, WaitKind kind, String name) {
        return Set.of();
    }

    /** Of these the ones that tasks and threads of the same file come to. */
    default Set<String> tasks(Stack waiter, WaitKind kind, String name) {
        return Set.of();
    }

    /**
     * The methods, as class and name, behind the tasks of which one has to end a wait for a latch or future that the waiting method has made;
     * none if somebody else may end it.
     */
    default Set<String> givers(Stack waiter, WaitKind kind) {
        return Set.of();
    }

    /**
     * The methods, as class and name, by which threads come to end waits of a kind for a thing of a name; none if by the code others may end
     * them, too, or nobody knows who.
     */
    default Set<String> ways(Stack waiter, WaitKind kind, String name) {
        return Set.of();
    }

    /**
     * The same for a signal: the methods by which threads come to give it; none if classes of other files may give it, too.
     *
     * @param name of what is waited for
     */
    default Set<String> waysOfSignal(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return Set.of();
    }

    /**
     * The method, as class and name, that leads to one of these and that by the code of the waiter's file a scheduler or timer starts; an empty name if
     * it is not known which one.
     */
    default Optional<String> timedTask(Stack waiter, String name, Set<String> ways) {
        return Optional.empty();
    }

    /** Whether further on in one of its methods a thread calls one of these, or makes a task of one. */
    default boolean comesTo(Stack stack, Set<String> ways) {
        return false;
    }

    /** What a latch or semaphore of a name begins with. */
    default Initial initial(Stack waiter, String name) {
        return Initial.UNKNOWN;
    }

    /** Whether the code makes a lock or semaphore of a name fair, wherever it makes one. */
    default boolean isFair(Stack waiter, String name) {
        return false;
    }

    /** Whether by its code who waits for a write lock only reads while it has it; false if its code is not known. */
    default boolean onlyReads(Stack waiter) {
        return false;
    }

    /**
     * Whether by its code the waiter gives back what it waits for, such as a connection to the queue it takes it from: then it waits for something
     * that is lent out rather than for work. False if its code is not known.
     */
    default boolean givesBack(Stack waiter, WaitKind kind, String name) {
        return false;
    }

    /** Whether by its code the waiter waits for its turn, which nobody can give back sooner; false if its code is not known. */
    default boolean waitsForTurn(Stack waiter) {
        return false;
    }

    /** Whether by its code there is a way on which the waiter gives it back. */
    default boolean mayGiveBack(Stack waiter, WaitKind kind, String name) {
        return false;
    }

    /** Whether some method of the frame's class wakes all that wait for a signal; false where the code is not known. */
    default boolean wakesAll(Frame frame) {
        return false;
    }

    /** Whether the method also wakes one waiter by {@code notify} or {@code signal}. */
    default boolean wakesOne(Frame frame) {
        return false;
    }

    /**
     * What the loop around a wait for a signal looks at, and who changes it, if no code gives the signal; empty if one may come, or the code does not
     * tell.
     *
     * @param name of what is waited for
     */
    default Optional<Unsignalled> unsignalled(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return Optional.empty();
    }

    /** Whether the loop around a wait does nothing but look and wait; false if its code is not known. */
    default boolean onlyLooks(Stack waiter) {
        return false;
    }

    /** Whether by its code a thread runs the tasks that it takes from the queue at which it waits; false if that is not known. */
    default boolean runsWhatItTakes(Stack taker) {
        return false;
    }

    /** Whether by its code a thread comes to a read of a stream, as one does that works on what it has read; false while it stands in a read. */
    default boolean comesToRead(Stack stack) {
        return false;
    }

    /** Whether the thread waits for a FutureTask that by the code nobody runs or is handed. */
    default boolean isNeverRun(Stack waiter) {
        return false;
    }

    /** Whether by its file the tasks that a thread waits for are handed to pools of the JDK, and to nobody else. */
    default boolean onlySubmits(Stack waiter) {
        return false;
    }

    /** Where something is offered to a queue, called by its field, and nobody looks whether there was room; empty if the code does not tell. */
    default Optional<Frame> droppedOffer(String queue) {
        return Optional.empty();
    }

    /** Whether by its code a task waits for the end of the pool that it was handed to. */
    default boolean awaitsOwnEnd(Stack stack) {
        return false;
    }

    /**
     * Whether by its code one thread waits for the end of the pool that the task of the other was handed to.
     *
     * @param forGood whether only if that wait has no limit below a minute
     */
    default boolean awaitsEndOf(Stack awaiting, Stack task, boolean forGood) {
        return false;
    }

    /**
     * Where by its code the thread has borrowed one already of what it waits to borrow, and keeps it; empty if the code does not tell.
     *
     * @param borrows place in the stack of the method that lends
     */
    default Optional<Frame> borrowedBefore(Stack stack, int borrows) {
        return Optional.empty();
    }

    /**
     * Where the thread stands in a method that a library calls back, and by the code only such methods end its wait; empty if others may, or the code
     * does not tell.
     */
    default Optional<CallbackWait> callbackWait(Stack waiter, WaitKind kind) {
        return Optional.empty();
    }
}
