// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Frame;
import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockNaming;
import java.util.Optional;
import java.util.Set;

/** The code of a {@link Story}: what it says stands there by the names of methods. */
record StoryCode(Story story) implements LockNaming {
    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return kind == WaitKind.CLASS_INIT
                ? stack.site().map(frame -> story.initialised.get(frame.method()))
                : Optional.ofNullable(story.names.get(lock));
    }

    @Override
    public Optional<Frame> heldOnce(Stack stack) {
        return stack.site().filter(frame -> story.heldOnce.contains(frame.method()));
    }

    @Override
    public boolean leavesOpen(String name) {
        return name.contains(" or ");
    }

    @Override
    public boolean waitsOnce(Stack stack) {
        return stack.site().map(Frame::method).filter(story.waitsOnce::contains).isPresent();
    }

    @Override
    public boolean polls(Stack stack) {
        return stack.site().map(Frame::method).filter(story.polls::contains).isPresent();
    }

    @Override
    public Optional<Frame> leavesPermit(Stack waiter) {
        return waiter.site().filter(frame -> story.leavesPermit.contains(frame.method()));
    }

    @Override
    public Optional<String> searched(Stack stack) {
        boolean inMap = stack.frames().get(0).className().startsWith("java.util.");
        return stack.site().filter(frame -> inMap).map(frame -> story.searched.get(frame.method()));
    }

    @Override
    public Set<Owed> owes(Stack stack) {
        return stack.site().map(frame -> story.owed.get(frame.method())).orElse(Set.of());
    }

    @Override
    public Optional<Frame> droppedOffer(String queue) {
        return Optional.ofNullable(story.dropped.get(queue));
    }

    @Override
    public boolean runsTaskOf(Stack runner, Stack waiter) {
        String maker =
                runner.site().map(frame -> story.tasks.get(frame.method())).orElse("");
        return waiter.site().filter(frame -> frame.method().equals(maker)).isPresent();
    }

    @Override
    public Set<String> places(Stack waiter, WaitKind kind, String name) {
        return story.places;
    }

    @Override
    public Set<String> givers(Stack waiter, WaitKind kind) {
        return waiter.site().map(frame -> story.givers.get(frame.method())).orElse(Set.of());
    }

    @Override
    public Set<String> ways(Stack waiter, WaitKind kind, String name) {
        return waiter.site().map(frame -> story.ways.get(frame.method())).orElse(Set.of());
    }

    @Override
    public boolean comesTo(Stack stack, Set<String> ways) {
        return stack.frames().stream().map(Frame::method).anyMatch(story.coming::contains);
    }

    @Override
    public Optional<Unsignalled> unsignalled(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return waiter.site().map(frame -> story.unsignalled.get(frame.method()));
    }

    @Override
    public boolean comesToRead(Stack stack) {
        return stack.frames().stream().map(Frame::method).anyMatch(story.reading::contains);
    }

    @Override
    public boolean isNeverRun(Stack waiter) {
        return waiter.site().map(Frame::method).filter(story.neverRun::contains).isPresent();
    }

    @Override
    public boolean awaitsOwnEnd(Stack stack) {
        return stack.site().map(Frame::method).filter(story.ownEnd::contains).isPresent();
    }

    @Override
    public boolean takesNoLock(Stack stack) {
        return stack.site()
                .map(Frame::method)
                .filter(story.takingNone::contains)
                .isPresent();
    }

    @Override
    public Optional<Frame> borrowedBefore(Stack stack, int borrows) {
        return Optional.of(stack.frames().get(borrows + 1)).filter(frame -> story.keepingOne.contains(frame.method()));
    }

    @Override
    public boolean onlySubmits(Stack waiter) {
        return waiter.site()
                .map(Frame::method)
                .filter(story.submitting::contains)
                .isPresent();
    }

    @Override
    public Initial initial(Stack waiter, String name) {
        return story.initials.getOrDefault(name, Initial.UNKNOWN);
    }

    @Override
    public boolean givesBack(Stack waiter, WaitKind kind, String name) {
        return waiter.site()
                .map(Frame::method)
                .filter(story.borrowers::contains)
                .isPresent();
    }

    @Override
    public boolean waitsForTurn(Stack waiter) {
        return waiter.site().map(Frame::method).filter(story.inTurn::contains).isPresent();
    }

    @Override
    public boolean mayGiveBack(Stack waiter, WaitKind kind, String name) {
        return waiter.site()
                .map(Frame::method)
                .filter(story.mayGiveBack::contains)
                .isPresent();
    }

    @Override
    public Set<String> tasks(Stack waiter, WaitKind kind, String name) {
        return story.giving;
    }

    @Override
    public boolean isFair(Stack waiter, String name) {
        return story.fair.contains(name);
    }

    @Override
    public boolean onlyReads(Stack waiter) {
        return waiter.site()
                .map(Frame::method)
                .filter(story.onlyReading::contains)
                .isPresent();
    }

    @Override
    public boolean interruptsItself(Stack stack) {
        return stack.site()
                .map(Frame::method)
                .filter(story.interrupting::contains)
                .isPresent();
    }

    @Override
    public Optional<Frame> loop(Stack stack) {
        return stack.frames().stream()
                .filter(frame -> story.loops.contains(frame.method()))
                .findFirst();
    }

    @Override
    public boolean wakesAll(Frame frame) {
        return story.wakesAll.contains(frame.method());
    }

    @Override
    public boolean wakesOne(Frame frame) {
        return story.wakesOne.contains(frame.method());
    }

    @Override
    public Set<String> waysOfSignal(Stack waiter, WaitKind kind, String name, LockRef lock) {
        return ways(waiter, kind, name);
    }

    @Override
    public Optional<String> timedTask(Stack waiter, String name, Set<String> ways) {
        return story.timed.stream().filter(ways::contains).findFirst();
    }

    @Override
    public boolean awaitsEndOf(Stack awaiting, Stack task, boolean forGood) {
        String pool =
                awaiting.site().map(frame -> story.ends.get(frame.method())).orElse("");
        return task.site().filter(frame -> frame.method().equals(pool)).isPresent();
    }

    @Override
    public boolean onlyLooks(Stack waiter) {
        return waiter.site().map(Frame::method).filter(story.guards::contains).isPresent();
    }

    @Override
    public boolean standsInLock(Stack stack, int index) {
        return story.inLock.contains(stack.frames().get(index).method());
    }

    @Override
    public boolean runsWhatItTakes(Stack taker) {
        return taker.site().map(Frame::method).filter(story.runners::contains).isPresent();
    }

    @Override
    public Optional<CallbackWait> callbackWait(Stack waiter, WaitKind kind) {
        return waiter.site()
                .filter(frame -> story.callbacks.containsKey(frame.method()))
                .map(frame -> new CallbackWait(
                        story.callbacks.getOrDefault(frame.method(), ""),
                        frame,
                        waiter.frames().get(waiter.frames().size() - 1)));
    }
}
