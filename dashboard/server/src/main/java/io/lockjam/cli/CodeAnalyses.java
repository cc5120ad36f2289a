// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.name.BorrowCode;
import io.lockjam.name.CallbackCode;
import io.lockjam.name.ClassBytes;
import io.lockjam.name.ComingCode;
import io.lockjam.name.DroppedOffer;
import io.lockjam.name.EndlessSearch;
import io.lockjam.name.ForgottenSignal;
import io.lockjam.name.GuardLoop;
import io.lockjam.name.GuardedCode;
import io.lockjam.name.HoldCode;
import io.lockjam.name.InitialCode;
import io.lockjam.name.InterruptLoop;
import io.lockjam.name.LeftPermit;
import io.lockjam.name.LocalSignal;
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
import java.util.function.Predicate;

/** All that reads code; each keeps its answers, also that there is no class file. */
final class CodeAnalyses {
    final LookLoop loops;
    final LeftPermit permits;
    final EndlessSearch searches;
    final SignalCode signals;
    final OwedCode owed;
    final LocalSignal locals;
    final LostLines lines;
    final BorrowCode borrowed;
    final TimedCode timed;
    final GuardLoop guards;
    final TakenTask taken;
    final TurnCode turns;
    final MonitorCode monitors;
    final HoldCode locks;
    final GuardedCode guarded;
    final ComingCode coming;
    final InitialCode initials;
    final InterruptLoop interrupts;
    final ForgottenSignal forgotten;
    final ReadCode reads;
    final SubmittedCode submitted;
    final DroppedOffer offers;
    final OwnPoolCode pools;
    final SecondBorrow seconds;
    final CallbackCode callbacks;

    /** @param rewritten whether a class may run with other bytecode indexes than its file has, at times */
    CodeAnalyses(ClassBytes classes, Predicate<String> rewritten) {
        loops = new LookLoop(classes);
        permits = new LeftPermit(classes);
        searches = new EndlessSearch(classes);
        signals = new SignalCode(classes);
        owed = new OwedCode(classes);
        locals = new LocalSignal(classes);
        lines = new LostLines(classes, rewritten);
        borrowed = new BorrowCode(classes);
        timed = new TimedCode(classes);
        guards = new GuardLoop(classes);
        taken = new TakenTask(classes);
        turns = new TurnCode(classes);
        monitors = new MonitorCode(classes);
        locks = new HoldCode(classes);
        guarded = new GuardedCode(classes);
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
}
