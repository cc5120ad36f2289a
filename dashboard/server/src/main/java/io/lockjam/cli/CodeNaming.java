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
import io.lockjam.name.BorrowCode;
import io.lockjam.name.CallbackCode;
import io.lockjam.name.ClassBytes;
import io.lockjam.name.ComingCode;
import io.lockjam.name.DroppedOffer;
import io.lockjam.name.EndlessSearch;
import io.lockjam.name.ForgottenSignal;
import io.lockjam.name.GuardLoop;
import io.lockjam.name.HoldCode;
import io.lockjam.name.InitialCode;
import io.lockjam.name.InterruptLoop;
import io.lockjam.name.LeftPermit;
import io.lockjam.name.LocalSignal;
import io.lockjam.name.LockNamer;
import io.lockjam.name.LookLoop;
import io.lockjam.name.LostLines;
import io.lockjam.name.MonitorCode;
import io.lockjam.name.OwedCode;
import io.lockjam.name.OwnPoolCode;
import io.lockjam.name.ReadCode;
import io.lockjam.name.SecondBorrow;
import io.lockjam.name.SignalCode;
import io.lockjam.name.SubmittedCode;
import io.lockjam.name.TakenTask;
import io.lockjam.name.TimedCode;
import io.lockjam.name.TurnCode;
import io.lockjam.window.LockNaming;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the code on stacks says of waits, from class files that a subclass knows to find. */
abstract class CodeNaming implements LockNaming {
    private final LookLoop loops;
    private final LeftPermit permits;
    private final EndlessSearch searches;
    private final SignalCode signals;
    private final OwedCode owed;
    private final LocalSignal locals;
    private final LostLines lines;
    private final BorrowCode borrowed;
    private final TimedCode timed;
    private final GuardLoop guards;
    private final TakenTask taken;
    private final TurnCode turns;
    private final MonitorCode monitors;
    private final HoldCode locks;
    private final ComingCode coming;
    private final InitialCode initials;
    private final InterruptLoop interrupts;
    private final ForgottenSignal forgotten;
    private final ReadCode reads;
    private final SubmittedCode submitted;
    private final DroppedOffer offers;
    private final OwnPoolCode pools;
    private final SecondBorrow seconds;
    private final CallbackCode callbacks;

    CodeNaming(ClassBytes classes) {
        loops = new LookLoop(classes);
        permits = new LeftPermit(classes);
        searches = new EndlessSearch(classes);
        signals = new SignalCode(classes);
        owed = new OwedCode(classes);
        locals = new LocalSignal(classes);
        lines = new LostLines(classes);
        borrowed = new BorrowCode(classes);
        timed = new TimedCode(classes);
        guards = new GuardLoop(classes);
        taken = new TakenTask(classes);
        turns = new TurnCode(classes);
        monitors = new MonitorCode(classes);
        locks = new HoldCode(classes);
        coming = new ComingCode(classes);
        initials = new InitialCode(classes);
        interrupts = new InterruptLoop(classes);
        forgotten = new ForgottenSignal(classes);
        reads = new ReadCode(classes);
        submitted = new SubmittedCode(classes);
        offers = new DroppedOffer(classes);
        pools = new OwnPoolCode(classes);
        seconds = new SecondBorrow(classes);
        callbacks = new CallbackCode(classes);
    }

    @Override
    public final boolean leavesOpen(String name) {
        return LockNamer.leavesOpen(name);
    }

    @Override
    public final boolean polls(Stack stack) {
        return loops.looks(stack);
    }

    @Override
    public final Optional<String> searched(Stack stack) {
        return searches.map(stack);
    }

    @Override
    public final Optional<Frame> leavesPermit(Stack waiter) {
        return permits.at(waiter);
    }

    @Override
    public final boolean waitsOnce(Stack stack) {
        return signals.waitsOnce(stack);
    }

    @Override
    public final boolean wakesOne(Frame frame) {
        return signals.wakesOne(frame);
    }

    @Override
    public final boolean wakesAll(Frame frame) {
        return signals.wakesAll(frame);
    }

    @Override
    public final Optional<Frame> heldOnce(Stack stack) {
        return locks.heldOnce(stack);
    }

    @Override
    public final boolean standsInLock(Stack stack, int index) {
        return monitors.holds(stack, index)
                || locks.heldOnce(new Stack(stack.frames().subList(index, index + 1)))
                        .isPresent();
    }

    @Override
    public final boolean takesNoLock(Stack stack) {
        return locks.takesNone(stack);
    }

    @Override
    public final boolean mayHold(WaitKind kind, Stack stack, @Nullable Frame taken) {
        return kind == WaitKind.MONITOR ? monitors.mayHold(stack) : taken == null || locks.mayHold(stack, taken);
    }

    @Override
    public final Stack withLines(Stack stack) {
        return lines.found(stack);
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
        return owed.owes(stack);
    }

    @Override
    public final boolean runsTaskOf(Stack runner, Stack waiter) {
        return owed.runsTaskOf(runner, waiter);
    }

    @Override
    public final Set<String> places(Stack waiter, WaitKind kind, String name) {
        return owed.places(waiter, kind, name);
    }

    @Override
    public final Set<String> tasks(Stack waiter, WaitKind kind, String name) {
        return owed.tasks(waiter, kind, name);
    }

    @Override
    public final Set<String> givers(Stack waiter, WaitKind kind) {
        return locals.givers(waiter, kind);
    }

    @Override
    public final boolean givesBack(Stack waiter, WaitKind kind, String name) {
        return borrowed.givesBack(waiter, kind, name);
    }

    @Override
    public final boolean waitsForTurn(Stack waiter) {
        return turns.waitsForTurn(waiter);
    }

    @Override
    public final boolean mayGiveBack(Stack waiter, WaitKind kind, String name) {
        return borrowed.mayGiveBack(waiter, kind, name);
    }

    @Override
    public final Set<String> ways(Stack waiter, WaitKind kind, String name) {
        return coming.ways(waiter, kind, name);
    }

    @Override
    public final Set<String> waysOfSignal(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return coming.waysOfSignal(waiter, kind, name, lock.className());
    }

    @Override
    public final Optional<String> timedTask(Stack waiter, String name, Set<String> ways) {
        return timed.task(waiter, name, ways);
    }

    @Override
    public final boolean comesTo(Stack stack, Set<String> ways) {
        return coming.comesTo(stack, ways);
    }

    @Override
    public final Initial initial(Stack waiter, String name) {
        return initials.initial(waiter, name);
    }

    @Override
    public final boolean isFair(Stack waiter, String name) {
        return initials.isFair(waiter, name);
    }

    @Override
    public final Optional<Frame> loop(Stack stack) {
        return loops.loop(stack);
    }

    @Override
    public final boolean interruptsItself(Stack stack) {
        return interrupts.runs(stack);
    }

    @Override
    public final Optional<Unsignalled> unsignalled(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return forgotten.of(waiter, kind, name, lock.className());
    }

    @Override
    public final boolean onlyLooks(Stack waiter) {
        return guards.isAround(waiter);
    }

    @Override
    public final boolean runsWhatItTakes(Stack taker) {
        return taken.isRun(taker);
    }

    @Override
    public final boolean comesToRead(Stack stack) {
        return reads.comesToRead(stack);
    }

    @Override
    public final boolean isNeverRun(Stack waiter) {
        return locals.isNeverRun(waiter);
    }

    @Override
    public final boolean onlySubmits(Stack waiter) {
        return submitted.onlySubmits(waiter);
    }

    @Override
    public final Optional<Frame> droppedOffer(String queue) {
        return offers.of(queue);
    }

    @Override
    public final boolean awaitsOwnEnd(Stack stack) {
        return pools.awaitsOwnEnd(stack);
    }

    @Override
    public final boolean awaitsEndOf(Stack awaiting, Stack task, boolean forGood) {
        return pools.awaitsEndOf(awaiting, task, forGood);
    }

    @Override
    public final Optional<Frame> borrowedBefore(Stack stack, int borrows) {
        return seconds.first(stack, borrows);
    }

    @Override
    public final Optional<CallbackWait> callbackWait(Stack waiter, WaitKind kind) {
        return callbacks.of(waiter, kind);
    }
}
