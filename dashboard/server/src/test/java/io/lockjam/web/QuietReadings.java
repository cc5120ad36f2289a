// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.lockjam.finding.Details;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Impact;
import io.lockjam.finding.LiveFindings;
import io.lockjam.finding.Subject;
import io.lockjam.finding.Text;
import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Account;
import io.lockjam.window.Cost;
import io.lockjam.window.Doing;
import io.lockjam.window.Flame;
import io.lockjam.window.Holder;
import io.lockjam.window.Lanes;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.Range;
import io.lockjam.window.States;
import io.lockjam.window.Target;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.VirtualWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A target with one thread in which nothing happens but time, and that only when the test says so. */
class QuietReadings implements Readings {
    static final Instant START = Instant.parse("2026-01-31T07:28:00Z");
    static final ThreadRef WORKER = new ThreadRef(7, "<img src=x onerror=alert(1)>", false, 4_712);

    private volatile Instant now = START.plusSeconds(60);

    private static final ThreadRef HOLDER = new ThreadRef(8, "holder", false, 4_713);
    private static final WaitForGraph.Edge EDGE = new WaitForGraph.Edge(
            WORKER,
            1,
            WaitKind.MONITOR,
            new LockRef("com.acme.Account", "1"),
            "monitor-1",
            "com.acme.Account",
            HOLDER,
            Duration.ofMillis(5),
            false,
            1);

    private volatile List<LiveFindings.Tracked> found = List.of();
    private volatile Instant heldUp = Instant.EPOCH;
    /** How often the time was asked for, and the states of the threads. */
    final AtomicInteger looks = new AtomicInteger();

    final AtomicInteger pictures = new AtomicInteger();

    /** Says of all that is kept, as of a recording, and only at its end, that two threads are deadlocked. */
    void judgeAtTheEnd() {
        Text text = new Text("a and b wait for each other.", "", "", "", "", "", "");
        Details details = new Details(
                "deadlock",
                kept(),
                new Subject("monitor", "com.acme.Account", "Account", "1", ""),
                text,
                new Impact(2, 2),
                List.of(),
                List.of(),
                Map.of(),
                List.of());
        Finding deadlock = new Finding.Deadlock(details, List.of());
        found = List.of(new LiveFindings.Tracked(deadlock, kept().to(), kept().to(), 1, true, false));
    }

    void advance(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Override
    public Target target() {
        return new Target(4711, "com.acme.Quiet", "17.0.15", 2, START);
    }

    @Override
    public Optional<Instant> latest() {
        looks.incrementAndGet();
        return Optional.of(now);
    }

    @Override
    public Range kept() {
        return new Range(START, now);
    }

    @Override
    public List<LiveFindings.Tracked> findings() {
        return found;
    }

    @Override
    public boolean mute(String id, boolean muted) {
        return false;
    }

    @Override
    public List<LockWindow> locks(Range range) {
        return List.of();
    }

    @Override
    public List<QueueWindow> queues(Range range) {
        return List.of();
    }

    @Override
    public List<PoolWindow> pools(Range range) {
        return List.of();
    }

    @Override
    public List<ThreadWindow> threads(Range range) {
        return List.of();
    }

    @Override
    public List<ThreadWindow> observers(Range range) {
        return List.of();
    }

    /** Once, at this moment, the worker was held up. */
    void holdUp(Instant at) {
        heldUp = at;
    }

    @Override
    public VirtualWindow virtual(Range range) {
        return new VirtualWindow(-1, List.of(), 0, List.of());
    }

    @Override
    public WaitForGraph graph(Instant at) {
        return new WaitForGraph(at, 1, at.equals(heldUp) ? List.of(EDGE) : List.of());
    }

    @Override
    public Lanes lanes(Range range) {
        pictures.incrementAndGet();
        int seconds = (int) range.seconds();
        return new Lanes(
                range.from(),
                seconds,
                List.of(new Lanes.Lane(0, WORKER, WORKER.group(), "R".repeat(seconds))),
                List.of());
    }

    @Override
    public List<States> states(Range range) {
        return List.of();
    }

    @Override
    public Histogram holds(Range range, String lockId) {
        return Histogram.EMPTY;
    }

    @Override
    public String lockId(String id) {
        return id;
    }

    @Override
    public List<Wait> waits(Range range, WaitQuery query) {
        return List.of();
    }

    @Override
    public Account account(Range range) {
        return new Account(Map.of());
    }

    @Override
    public Flame flame(Range range, Flame.Mode mode, Predicate<ThreadRef> scope, boolean idle, boolean observers) {
        return new Flame(mode, new Flame.Node("all", "code", 0, List.of()), 0, 0);
    }

    @Override
    public Cost cost(Range range) {
        return new Cost(0.004, 100, 0, 0, 0, "light", "0.1.0", 2);
    }

    @Override
    public Holder doing(ThreadRef thread, Instant at) {
        return new Holder(thread, Doing.RUNS, 1, Stack.EMPTY, null, null);
    }

    @Override
    public Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at) {
        return doing(owner, at);
    }

    @Override
    public List<Fact.Pause> pauses(Range range) {
        return List.of();
    }

    @Override
    public List<Fact.RaceSeen> races(Range range) {
        return List.of();
    }

    @Override
    public Optional<String> name(Fact.RaceSeen race) {
        return Optional.empty();
    }

    @Override
    public List<Fact.LockOrderSeen> orders(Range range) {
        return List.of();
    }

    @Override
    public List<Fact.Gap> gaps(Range range) {
        return List.of();
    }
}
