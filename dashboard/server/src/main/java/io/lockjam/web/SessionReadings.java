// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.lockjam.finding.LiveFindings;
import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Account;
import io.lockjam.window.Cost;
import io.lockjam.window.Flame;
import io.lockjam.window.Holder;
import io.lockjam.window.Lanes;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.States;
import io.lockjam.window.Target;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.VirtualWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A session and its findings as the pages read them. Whoever feeds the session also updates the findings. */
public record SessionReadings(Session session, LiveFindings tracked) implements Readings {
    @Override
    public Target target() {
        return session.target();
    }

    @Override
    public Optional<Instant> latest() {
        return session.latest();
    }

    @Override
    public Range kept() {
        return session.kept();
    }

    @Override
    public List<LiveFindings.Tracked> findings() {
        return tracked.all();
    }

    @Override
    public boolean mute(String id, boolean muted) {
        return tracked.mute(id, muted);
    }

    @Override
    public List<LockWindow> locks(Range range) {
        return session.locks(range);
    }

    @Override
    public List<QueueWindow> queues(Range range) {
        return session.queues(range);
    }

    @Override
    public List<PoolWindow> pools(Range range) {
        return session.pools(range);
    }

    @Override
    public List<ThreadWindow> threads(Range range) {
        return session.threads(range);
    }

    @Override
    public List<ThreadWindow> observers(Range range) {
        return session.observers(range);
    }

    @Override
    public VirtualWindow virtual(Range range) {
        return session.virtual(range);
    }

    @Override
    public WaitForGraph graph(Instant at) {
        return session.graph(at);
    }

    @Override
    public Lanes lanes(Range range) {
        return session.lanes(range);
    }

    @Override
    public List<States> states(Range range) {
        return session.states(range);
    }

    @Override
    public List<Wait> waits(Range range, WaitQuery query) {
        return session.waits(range, query);
    }

    @Override
    public Histogram holds(Range range, String lockId) {
        return session.holds(range, lockId);
    }

    @Override
    public String lockId(String id) {
        return session.lockId(id);
    }

    @Override
    public Account account(Range range) {
        return session.account(range);
    }

    @Override
    public Flame flame(Range range, Flame.Mode mode, Predicate<ThreadRef> scope, boolean idle, boolean observers) {
        return session.flame(range, mode, scope, idle, observers);
    }

    @Override
    public Cost cost(Range range) {
        return session.cost(range);
    }

    @Override
    public Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at) {
        return session.holding(owner, kind, lockId, at);
    }

    @Override
    public Holder doing(ThreadRef thread, Instant at) {
        return session.doing(thread, at);
    }

    @Override
    public List<Fact.Pause> pauses(Range range) {
        return session.pauses(range);
    }

    @Override
    public List<Fact.RaceSeen> races(Range range) {
        return session.races(range);
    }

    @Override
    public Optional<String> name(Fact.RaceSeen race) {
        return session.name(race);
    }

    @Override
    public List<Fact.LockOrderSeen> orders(Range range) {
        return session.orders(range);
    }

    @Override
    public List<Fact.Gap> gaps(Range range) {
        return session.gaps(range);
    }
}
