// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.event.NameEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LocalSignal;
import io.lockjam.name.LockNamer;
import io.lockjam.name.LookLoop;
import io.lockjam.name.LostLines;
import io.lockjam.name.OwedCode;
import io.lockjam.name.SignalCode;
import io.lockjam.window.LockNaming;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Names locks as the recording says they were named while the target's classes were at hand; what the objects of races are
 * called, and how a method waits, is found in class files that are still where the recording says they were.
 */
final class RecordedNames implements LockNaming {
    private final LockNamer namer = new LockNamer(className -> null);
    private final ClassPathBytes files = new ClassPathBytes(List.of(), null);
    private final ObjectNames objects = new ObjectNames(new LockNamer(files));
    private final LookLoop loops = new LookLoop(files);
    private final SignalCode signals = new SignalCode(files);
    private final OwedCode owed = new OwedCode(files);
    private final LocalSignal locals = new LocalSignal(files);
    private final LostLines lines = new LostLines(files);

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return namer.exact(stack, lock, kind);
    }

    @Override
    public void learn(Fact.Named named) {
        if (named.site().startsWith(NameEvent.ORIGIN)) {
            files.origin(named.site().substring(NameEvent.ORIGIN.length()), named.name());
        } else {
            namer.learn(named);
        }
    }

    @Override
    public boolean polls(Stack stack) {
        return loops.looks(stack);
    }

    @Override
    public boolean waitsOnce(Stack stack) {
        return signals.waitsOnce(stack);
    }

    @Override
    public Stack withLines(Stack stack) {
        return lines.found(stack);
    }

    @Override
    public Set<Owed> owes(Stack stack) {
        return owed.owes(stack);
    }

    @Override
    public boolean runsTaskOf(Stack runner, Stack waiter) {
        return owed.runsTaskOf(runner, waiter);
    }

    @Override
    public Set<String> places(Stack waiter, WaitKind kind, String name) {
        return owed.places(waiter, kind, name);
    }

    @Override
    public Set<String> givers(Stack waiter, WaitKind kind) {
        return locals.givers(waiter, kind);
    }

    @Override
    public boolean wakesOne(Frame frame) {
        return signals.wakesOne(frame);
    }

    ObjectNames objects() {
        return objects;
    }

    @Override
    public boolean leavesOpen(String name) {
        return LockNamer.leavesOpen(name);
    }
}
