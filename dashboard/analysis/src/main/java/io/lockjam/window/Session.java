// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Everything kept of one target: facts go in at one end, windows over any kept range come out. One writer, many readers. */
public final class Session {
    public Session(LockNaming naming, Limits limits) {}

    public void accept(Fact fact) {
        throw new UnsupportedOperationException();
    }

    public void describe(Target target) {
        throw new UnsupportedOperationException();
    }

    public Target target() {
        throw new UnsupportedOperationException();
    }

    public Optional<Instant> latest() {
        throw new UnsupportedOperationException();
    }

    public Range kept() {
        throw new UnsupportedOperationException();
    }

    public Range last(Duration length) {
        throw new UnsupportedOperationException();
    }

    public List<LockWindow> locks(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<QueueWindow> queues(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<PoolWindow> pools(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<ThreadWindow> threads(Range range) {
        throw new UnsupportedOperationException();
    }

    public WaitForGraph graph(Instant at) {
        throw new UnsupportedOperationException();
    }

    public List<WaitForGraph> graphs(Range range) {
        throw new UnsupportedOperationException();
    }

    public Lanes lanes(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<States> states(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<Wait> waits(Range range, Duration atLeast, int limit) {
        throw new UnsupportedOperationException();
    }

    public Account account(Range range) {
        throw new UnsupportedOperationException();
    }

    public Flame flame(Range range, Flame.Mode mode, Predicate<ThreadRef> scope, boolean idle) {
        throw new UnsupportedOperationException();
    }

    public Cost cost(Range range) {
        throw new UnsupportedOperationException();
    }

    public Holder doing(ThreadRef thread, Instant at) {
        throw new UnsupportedOperationException();
    }

    public List<Fact.Pause> pauses(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<Fact.RaceSeen> races(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<Fact.LockOrderSeen> orders(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<Fact.Activity> activities(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<Fact.StackSeen> stacks(Range range) {
        throw new UnsupportedOperationException();
    }

    public List<Fact.Gap> gaps(Range range) {
        throw new UnsupportedOperationException();
    }
}
