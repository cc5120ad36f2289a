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

/** What the pages ask of one target; safe to call from any thread. The methods are those of {@code io.lockjam.window.Session}. */
public interface Readings {
    Target target();

    Optional<Instant> latest();

    Range kept();

    List<LiveFindings.Tracked> findings();

    /** Whether a finding of this id is known. */
    boolean mute(String id, boolean muted);

    List<LockWindow> locks(Range range);

    List<QueueWindow> queues(Range range);

    List<PoolWindow> pools(Range range);

    List<ThreadWindow> threads(Range range);

    /** Threads that are there because of us. */
    List<ThreadWindow> observers(Range range);

    VirtualWindow virtual(Range range);

    WaitForGraph graph(Instant at);

    Lanes lanes(Range range);

    List<States> states(Range range);

    List<Wait> waits(Range range, WaitQuery query);

    /** Hold times that single waits prove. */
    Histogram holds(Range range, String lockId);

    /** The present id of a lock that had another one before its name was known. */
    String lockId(String id);

    Account account(Range range);

    Flame flame(Range range, Flame.Mode mode, Predicate<ThreadRef> scope, boolean idle, boolean observers);

    Cost cost(Range range);

    Holder doing(ThreadRef thread, Instant at);

    /** What the owner of a lock does at a moment, as far as it holds it still. */
    Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at);

    List<Fact.Pause> pauses(Range range);

    List<Fact.RaceSeen> races(Range range);

    /** What the code calls the object of a race; empty if it does not tell. */
    Optional<String> name(Fact.RaceSeen race);

    List<Fact.LockOrderSeen> orders(Range range);

    List<Fact.Gap> gaps(Range range);
}
