// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassBytes;
import io.lockjam.name.LockNamer;
import io.lockjam.window.LockNaming;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the code on stacks says of waits, from class files that a subclass knows to find. */
abstract class CodeNaming implements LockNaming {
    private final ClassBytes classes;
    private final Predicate<String> rewritten;
    private volatile CodeAnalyses known;

    /** @param rewritten whether a class may run with other bytecode indexes than its file has, at times */
    CodeNaming(ClassBytes classes, Predicate<String> rewritten) {
        this.classes = classes;
        this.rewritten = rewritten;
        known = new CodeAnalyses(classes, rewritten);
    }

    /** Whether class files may be had now that could not be asked for before: then all is read anew. */
    boolean asksAnew() {
        return false;
    }

    /** Before each question. */
    final void freshen() {
        if (asksAnew()) {
            known = new CodeAnalyses(classes, rewritten);
        }
    }

    private CodeAnalyses code() {
        freshen();
        return known;
    }

    @Override
    public final boolean leavesOpen(String name) {
        return LockNamer.leavesOpen(name);
    }

    @Override
    public final boolean polls(Stack stack) {
        return code().loops.looks(stack);
    }

    @Override
    public final Optional<String> searched(Stack stack) {
        return code().searches.map(stack);
    }

    @Override
    public final Optional<Frame> leavesPermit(Stack waiter) {
        return code().permits.at(waiter);
    }

    @Override
    public final boolean waitsOnce(Stack stack) {
        return code().signals.waitsOnce(stack);
    }

    @Override
    public final boolean wakesOne(Frame frame) {
        return code().signals.wakesOne(frame);
    }

    @Override
    public final boolean wakesAll(Frame frame) {
        return code().signals.wakesAll(frame);
    }

    @Override
    public final Optional<Frame> heldOnce(Stack stack) {
        return code().locks.heldOnce(stack);
    }

    @Override
    public final boolean standsInLock(Stack stack, int index) {
        return code().monitors.holds(stack, index)
                || code().locks
                        .heldOnce(new Stack(stack.frames().subList(index, index + 1)))
                        .isPresent();
    }

    @Override
    public final boolean takesNoLock(Stack stack) {
        return code().locks.takesNone(stack);
    }

    @Override
    public final boolean mayHold(WaitKind kind, Stack stack, @Nullable Frame taken) {
        return kind == WaitKind.MONITOR
                ? code().monitors.mayHold(stack)
                : taken == null || code().locks.mayHold(stack, taken);
    }

    @Override
    public final Stack withLines(Stack stack) {
        return code().lines.found(stack);
    }

    /** A race with the lines of its callers: who stands in a loop since before the weaving runs code that has none for the JVM. */
    final Fact withLines(Fact fact) {
        return fact instanceof Fact.RaceSeen race
                ? new Fact.RaceSeen(
                        race.at(),
                        race.field(),
                        race.target(),
                        race.certainty(),
                        race.identity(),
                        withLines(race.first()),
                        withLines(race.second()),
                        race.valueBefore(),
                        race.valueAfter())
                : fact;
    }

    private Fact.Access withLines(Fact.Access side) {
        return new Fact.Access(side.thread(), side.writes(), side.call(), withLines(side.stack()), side.locks());
    }

    @Override
    public final Set<Owed> owes(Stack stack) {
        return code().owed.owes(stack);
    }

    @Override
    public final boolean runsTaskOf(Stack runner, Stack waiter) {
        return code().owed.runsTaskOf(runner, waiter);
    }

    @Override
    public final Set<String> places(Stack waiter, WaitKind kind, String name) {
        return code().owed.places(waiter, kind, name);
    }

    @Override
    public final Set<String> tasks(Stack waiter, WaitKind kind, String name) {
        return code().owed.tasks(waiter, kind, name);
    }

    @Override
    public final Set<String> givers(Stack waiter, WaitKind kind) {
        return code().locals.givers(waiter, kind);
    }

    @Override
    public final boolean givesBack(Stack waiter, WaitKind kind, String name) {
        return code().borrowed.givesBack(waiter, kind, name);
    }

    @Override
    public final boolean waitsForTurn(Stack waiter) {
        return code().turns.waitsForTurn(waiter);
    }

    @Override
    public final boolean mayGiveBack(Stack waiter, WaitKind kind, String name) {
        return code().borrowed.mayGiveBack(waiter, kind, name);
    }

    @Override
    public final Set<String> ways(Stack waiter, WaitKind kind, String name) {
        return code().coming.ways(waiter, kind, name);
    }

    @Override
    public final Set<String> waysOfSignal(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return code().coming.waysOfSignal(waiter, kind, name, lock.className());
    }

    @Override
    public final Optional<String> timedTask(Stack waiter, String name, Set<String> ways) {
        return code().timed.task(waiter, name, ways);
    }

    @Override
    public final boolean comesTo(Stack stack, Set<String> ways) {
        return code().coming.comesTo(stack, ways);
    }

    @Override
    public final Initial initial(Stack waiter, String name) {
        return code().initials.initial(waiter, name);
    }

    @Override
    public final boolean isFair(Stack waiter, String name) {
        return code().initials.isFair(waiter, name);
    }

    @Override
    public final boolean onlyReads(Stack waiter) {
        return code().guarded.onlyReads(waiter);
    }

    @Override
    public final Optional<Frame> loop(Stack stack) {
        return code().loops.loop(stack);
    }

    @Override
    public final boolean interruptsItself(Stack stack) {
        return code().interrupts.runs(stack);
    }

    @Override
    public final Optional<Unsignalled> unsignalled(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return code().forgotten.of(waiter, kind, name, lock.className());
    }

    @Override
    public final boolean onlyLooks(Stack waiter) {
        return code().guards.isAround(waiter);
    }

    @Override
    public final boolean runsWhatItTakes(Stack taker) {
        return code().taken.isRun(taker);
    }

    @Override
    public final boolean comesToRead(Stack stack) {
        return code().reads.comesToRead(stack);
    }

    @Override
    public final boolean isNeverRun(Stack waiter) {
        return code().locals.isNeverRun(waiter);
    }

    @Override
    public final boolean onlySubmits(Stack waiter) {
        return code().submitted.onlySubmits(waiter);
    }

    @Override
    public final Optional<Frame> droppedOffer(String queue) {
        return code().offers.of(queue);
    }

    @Override
    public final boolean awaitsOwnEnd(Stack stack) {
        return code().pools.awaitsOwnEnd(stack);
    }

    @Override
    public final boolean awaitsEndOf(Stack awaiting, Stack task, boolean forGood) {
        return code().pools.awaitsEndOf(awaiting, task, forGood);
    }

    @Override
    public final Optional<Frame> borrowedBefore(Stack stack, int borrows) {
        return code().seconds.first(stack, borrows);
    }

    @Override
    public final Optional<CallbackWait> callbackWait(Stack waiter, WaitKind kind) {
        return code().callbacks.of(waiter, kind);
    }
}
