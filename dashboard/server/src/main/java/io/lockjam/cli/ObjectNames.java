// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Boxes;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LibraryEntry;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.TwoSteps;
import io.lockjam.model.WaitKind;
import io.lockjam.name.LockNamer;
import io.lockjam.source.StackText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the code calls the objects of races and the locks of nestings, for a session to keep. */
record ObjectNames(LockNamer namer) {
    /** Behind the class of an object that its own code calls, which says nothing of who shares it. */
    private static final String THIS = " (this)";

    /** The names that go with the fact; none if it is of another sort. */
    List<Fact.Named> of(Fact fact) {
        return fact instanceof Fact.RaceSeen race
                ? named(race)
                : fact instanceof Fact.LockOrderSeen order ? named(order) : List.of();
    }

    /** The names that the two sides of a race have for what they use, and for what they call a library on, as far as their code tells. */
    private List<Fact.Named> named(Fact.RaceSeen race) {
        return Stream.of(race.first(), race.second())
                .flatMap(side -> Stream.concat(
                        name(race, side).map(name -> new Fact.Named(race.at(), race.site(side), name)).stream(),
                        entered(race, side).stream()))
                .toList();
    }

    private Optional<Fact.Named> entered(Fact.RaceSeen race, Fact.Access side) {
        return LibraryEntry.of(side)
                .flatMap(entry -> namer.calledOn(entry.from())
                        .filter(name -> !name.endsWith(THIS))
                        .map(name -> new Fact.Named(race.at(), entry.site(), name)));
    }

    private Optional<String> name(Fact.RaceSeen race, Fact.Access side) {
        String call = side.call();
        return switch (race.target()) {
            case "call" ->
                call == null
                        ? Optional.empty()
                        : TwoSteps.of(call)
                                .flatMap(TwoSteps::field)
                                .or(() -> namer.used(side.stack(), TwoSteps.change(call)));
            case "array" -> namer.usedArray(side.stack(), race.field(), side.writes());
            default ->
                Boxes.holds(race.field()) // other fields have names
                        ? namer.usedField(side.stack(), race.field(), side.writes())
                        : Optional.empty();
        };
    }

    /** The names of the two locks of a nesting, by their lines: the woven code has other indexes than the class file. */
    private List<Fact.Named> named(Fact.LockOrderSeen order) {
        List<Frame> lines = order.stack().frames().stream()
                .map(at -> new Frame(at.className(), at.method(), at.descriptor(), at.file(), at.line(), -1))
                .toList();
        Stack wantedAt = new Stack(lines);
        Stack heldAt = new Stack(StackText.frames(order.heldAt()));
        List<Fact.Named> all = new ArrayList<>();
        boolean one = isOneCall(heldAt, wantedAt);
        Optional<String> inner = one ? namer.nested(wantedAt, true) : Optional.empty();
        inner.or(() -> name(order.wanted(), wantedAt)).ifPresent(name -> all.add(order.named(order.wanted(), name)));
        Optional<String> outer = one ? namer.nested(wantedAt, false) : Optional.empty();
        outer.or(() -> name(order.held(), heldAt)).ifPresent(name -> all.add(order.named(order.held(), name)));
        return all;
    }

    /** Whether one line takes both: a call on a collection that locks another one. */
    private static boolean isOneCall(Stack heldAt, Stack wantedAt) {
        Frame held = heldAt.isEmpty() ? null : heldAt.frames().get(0);
        Frame wanted = wantedAt.isEmpty() ? null : wantedAt.frames().get(0);
        return held != null
                && wanted != null
                && held.line() > 0
                && held.line() == wanted.line()
                && held.method().equals(wanted.method())
                && held.className().equals(wanted.className());
    }

    /** A synchronized method tells no name: people know the monitor by its class. */
    private Optional<String> name(LockRef lock, Stack stack) {
        boolean juc = lock.className().startsWith("java.util.concurrent.locks.");
        Optional<String> taken = namer.taken(stack, !juc);
        return taken.isPresent() ? taken : waited(lock, stack, juc);
    }

    private Optional<String> waited(LockRef lock, Stack stack, boolean juc) {
        return namer.exact(stack, lock, juc ? WaitKind.LOCK : WaitKind.MONITOR)
                .filter(name -> !name.startsWith("synchronized "));
    }
}
