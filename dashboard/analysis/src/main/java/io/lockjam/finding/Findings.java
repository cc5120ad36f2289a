// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.LockRef;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.WaitForGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all rules say of one range.
 *
 * <p>One finding for each lock: too few of what is lent before held-across-blocking before convoy before global-lock before contention, since the cure of the first makes
 * the later ones go away; what was left out stands in {@link Details#instead()}. A lock of a deadlock is reported as that only, and a
 * starved pool is not called too small.
 *
 * @param found worst first, then most costly
 * @param unknown what could not be judged, and what is missing
 */
public record Findings(Range range, List<Finding> found, List<Verdict.NotEnoughData> unknown) {
    private static final List<Rule<LockWindow>> LOCK_RULES = List.of(
            LentForGoodRule.DEFAULT,
            LoadWaitRule.DEFAULT,
            OwnLockRule.DEFAULT,
            LentOutRule.DEFAULT,
            StragglerRule.DEFAULT,
            PassedByRule.DEFAULT,
            LockHeldAcrossBlockingRule.DEFAULT,
            LockConvoyRule.DEFAULT,
            GlobalLockRule.DEFAULT,
            LockContentionRule.DEFAULT);
    private static final List<Rule<PoolWindow>> POOL_RULES = List.of(
            PoolStarvationRule.DEFAULT,
            OwnResultsRule.DEFAULT,
            OwnEndRule.DEFAULT,
            PoolStandsRule.DEFAULT,
            SlotsStarvedRule.DEFAULT,
            PoolRejectionsRule.DEFAULT,
            SlotsRefusedRule.DEFAULT,
            OverrunRule.DEFAULT,
            PoolUndersizedRule.DEFAULT,
            PoolBurstsRule.DEFAULT,
            OneLaneRule.DEFAULT,
            SlotsUndersizedRule.DEFAULT,
            PoolQueueGrowthRule.DEFAULT,
            PoolOversizedRule.DEFAULT,
            SlotsOversizedRule.DEFAULT);
    private static final List<Rule<QueueWindow>> QUEUE_RULES =
            List.of(QueueBacklogRule.DEFAULT, FullQueueRule.DEFAULT, SlowTakersRule.DEFAULT, QueueStarvedRule.DEFAULT);
    private static final List<Rule<Situation>> WHOLE_RULES = List.of(
            LostWakeupRule.DEFAULT,
            NobodySignalsRule.DEFAULT,
            MaskedSignalRule.DEFAULT,
            NobodyPutsRule.DEFAULT,
            NothingPutBackRule.DEFAULT,
            QueueStandsRule.DEFAULT,
            CreditsStandRule.DEFAULT,
            PolledLenderRule.DEFAULT,
            SlowInitialiserRule.DEFAULT,
            ChildOutputRule.DEFAULT,
            SelectorSpinRule.DEFAULT,
            EndlessSearchRule.DEFAULT,
            ThreadChurnRule.DEFAULT,
            ThreadLeakRule.DEFAULT,
            StillPinnedRule.DEFAULT,
            VirtualThreadPinnedRule.DEFAULT,
            CarriersBusyRule.DEFAULT,
            CpuOversubscribedRule.DEFAULT);
    private static final List<Rule<Situation>> LAST_RULES = List.of(
            LockOrderInversionRule.DEFAULT, DataRaceRule.DEFAULT, EventLoopBlockedRule.DEFAULT, BusyWaitRule.DEFAULT);

    /** Applies every rule; safe to call from any thread. A rule that fails is told under {@code unknown}, and the others count. */
    public static Findings check(Session session, Range range) {
        Situation all = Situation.of(session, range);
        List<Verdict.NotEnoughData> unknown = new ArrayList<>();
        List<Finding> found = new ArrayList<>();
        each(List.of(DeadlockRule.DEFAULT), all, all, found, unknown);
        Set<String> dead = deadLocks(found, all);
        locks(all, dead, found, unknown);
        for (LockWindow lock : all.locks()) {
            each(List.of(WokenInVainRule.DEFAULT), lock, all, found, unknown);
        }
        for (PoolWindow pool : all.pools()) {
            each(POOL_RULES, pool, all, found, unknown);
        }
        for (LockWindow lender : all.takes()) {
            each(List.of(LentForGoodRule.DEFAULT, LentOutRule.DEFAULT), lender, all, found, unknown);
        }
        found.removeIf(each -> each instanceof Finding.LockContention lent && isToldAsPool(lent, found));
        for (QueueWindow queue : all.queues()) {
            each(QUEUE_RULES, queue, all, found, unknown);
        }
        each(WHOLE_RULES, all, all, found, unknown);
        found.removeIf(each -> each instanceof Finding.LostWakeup lost && isTold(lost.edge(), found));
        found.removeIf(each -> each instanceof Finding.NothingPutBack lent && isTold(lent.edge(), found));
        found.removeIf(each -> each instanceof Finding.LockContention lock
                && (isToldOfQueue(lock, found) || isToldAsPin(lock, found)));
        found.removeIf(each -> each instanceof Finding.CpuOversubscribed many && isToldAsEndless(many, found));
        found.removeIf(each -> each instanceof Finding.QueueStands full && isToldOfPuts(full.edge(), found));
        each(LAST_RULES, all, all, found, unknown);
        return new Findings(range, ranked(found), List.copyOf(unknown));
    }

    /** The same with more that could not be judged. */
    public Findings withUnknown(List<Verdict.NotEnoughData> more) {
        List<Verdict.NotEnoughData> all = new ArrayList<>(unknown);
        all.addAll(more);
        return new Findings(range, found, List.copyOf(all));
    }

    private static void locks(
            Situation all, Set<String> dead, List<Finding> found, List<Verdict.NotEnoughData> unknown) {
        Map<String, Finding> byLock = new LinkedHashMap<>();
        for (LockWindow lock : all.locks()) {
            List<Finding> own = new ArrayList<>();
            for (Rule<LockWindow> rule : dead.contains(lock.id()) ? List.<Rule<LockWindow>>of() : rules(lock, all)) {
                Verdict verdict = RuleFault.check(rule, lock, all);
                if (verdict instanceof Verdict.Found hit) {
                    own.add(hit.finding());
                } else if (verdict instanceof Verdict.NotEnoughData missing && RuleFault.is(missing)) {
                    unknown.add(missing);
                }
            }
            if (!own.isEmpty()) {
                Finding first = with(
                        own.get(0),
                        own.stream().skip(1).map(each -> each.kind().id()).toList());
                byLock.merge(object(lock), first, Findings::worse);
            }
        }
        found.addAll(byLock.values());
    }

    private static List<Rule<LockWindow>> rules(LockWindow lock, Situation all) {
        return SignalledPermitsRule.isSignalled(new LockTrouble(lock, all)) && !OwnLockRule.isPermitOfLibrary(lock)
                ? List.of(SignalledPermitsRule.DEFAULT)
                : LOCK_RULES;
    }

    /** Read and write side of one lock are one object. */
    private static String object(LockWindow lock) {
        return lock.identity().equals(LockRef.UNKNOWN_IDENTITY) ? lock.id() : lock.className() + lock.identity();
    }

    private static Finding worse(Finding one, Finding other) {
        return other.impact().threadSecondsPerSecond() > one.impact().threadSecondsPerSecond() ? other : one;
    }

    private static Finding with(Finding finding, List<String> instead) {
        Details d = finding.details();
        Details more = new Details(
                d.place(), d.range(), d.subject(), d.text(), d.impact(), d.where(), d.threads(), d.evidence(), instead);
        if (finding instanceof Finding.LockHeldAcrossBlocking held) {
            return new Finding.LockHeldAcrossBlocking(more, held.lock(), held.cause());
        }
        if (finding instanceof Finding.LockConvoy convoy) {
            return new Finding.LockConvoy(more, convoy.lock());
        }
        if (finding instanceof Finding.GlobalLock global) {
            return new Finding.GlobalLock(more, global.lock(), global.threadsAtWork());
        }
        return finding;
    }

    /**
     * Locks of the cycles and of the threads behind them: nobody gets them before the deadlock is gone. Also those of a cycle that is
     * not old enough to be called one, if nobody has got them yet.
     */
    private static Set<String> deadLocks(List<Finding> found, Situation all) {
        Set<String> ids = new HashSet<>();
        WaitForGraph graph = all.session().graph(all.range().to());
        boolean any = found.stream().anyMatch(Finding.Deadlock.class::isInstance);
        WaitForGraph owned = any ? CodeOwners.of(graph, all).graph() : graph;
        for (Finding finding : found) {
            if (finding instanceof Finding.Deadlock deadlock) {
                Stream.concat(deadlock.cycle().stream(), DeadlockRule.behind(owned, deadlock.cycle()).stream())
                        .map(WaitForGraph.Edge::lockId)
                        .forEach(ids::add);
            }
        }
        Set<String> young = graph.cycles().stream()
                .flatMap(List::stream)
                .map(WaitForGraph.Edge::lockId)
                .collect(Collectors.toSet());
        for (LockWindow lock : all.locks()) {
            if (young.contains(lock.id()) && new LockTrouble(lock, all).stuck()) {
                ids.add(lock.id());
            }
        }
        return ids;
    }

    /** Whether a deadlock or a starved pool says already why the waiter does not go on. */
    private static boolean isTold(WaitForGraph.Edge waits, List<Finding> found) {
        return found.stream()
                .anyMatch(each -> (each.kind() == Kind.DEADLOCK || each.kind() == Kind.POOL_STARVATION)
                                && each.details()
                                        .threads()
                                        .contains(waits.waiter().label())
                        || each instanceof Finding.Deadlock deadlock
                                && deadlock.cycle().stream()
                                        .anyMatch(edge -> edge.lock().equals(waits.lock())));
    }

    /** Whether a deadlock, a lost signal or the sums of the queue say already why the producers stand. */
    private static boolean isToldOfPuts(WaitForGraph.Edge waits, List<Finding> found) {
        return isTold(waits, found)
                || found.stream()
                        .anyMatch(each -> (each instanceof Finding.LostWakeup lost
                                        && lost.edge().lock().equals(waits.lock()))
                                || (each instanceof Finding.QueueBacklog full
                                        && full.queue().name().equals(waits.lockName())));
    }

    /** Whether the waits are those for the slots of a pool that is called too small or starved: its borrowers wait inside it. */
    private static boolean isToldAsPool(Finding.LockContention lent, List<Finding> found) {
        return found.stream()
                .flatMap(each -> Stream.ofNullable(
                        each instanceof Finding.PoolUndersized small
                                ? small.pool()
                                : each instanceof Finding.PoolStarvation starved ? starved.pool() : null))
                .anyMatch(pool -> SlotTrouble.lends(pool)
                        && lent.details().where().stream()
                                .anyMatch(place ->
                                        place.role().equals("waiter") && SlotTrouble.isInside(pool, place.stack())));
    }

    /** Whether the queue behind what is lent is told of, with the line that does not put back. */
    private static boolean isToldOfQueue(Finding.LockContention lent, List<Finding> found) {
        return found.stream()
                .anyMatch(each -> each instanceof Finding.NothingPutBack kept
                        && kept.edge().lockId().equals(lent.lock().id()));
    }

    /** Whether of those that want the cores most some are told to go round for ever: fewer of them is no cure. */
    private static boolean isToldAsEndless(Finding.CpuOversubscribed many, List<Finding> found) {
        return found.stream()
                .anyMatch(each -> each instanceof Finding.EndlessSearch endless
                        && endless.groups().contains(many.subject().name()));
    }

    /** Whether the lock is told to be out of reach, since no carrier is left for who has it or is next in line. */
    private static boolean isToldAsPin(Finding.LockContention lock, List<Finding> found) {
        return found.stream()
                .anyMatch(each -> each instanceof Finding.VirtualThreadPinned pinned
                        && pinned.lockId().equals(lock.lock().id()));
    }

    private static <T> void each(
            List<Rule<T>> rules, T part, Situation all, List<Finding> found, List<Verdict.NotEnoughData> unknown) {
        Set<Kind> own = new HashSet<>();
        for (Rule<T> rule : rules) {
            Verdict verdict = RuleFault.check(rule, part, all);
            boolean starved = own.contains(Kind.POOL_STARVATION);
            if (verdict instanceof Verdict.Found hit && !starved) {
                own.add(hit.finding().kind());
                found.addAll(hit.findings());
            } else if (verdict instanceof Verdict.NotEnoughData missing && !starved) {
                unknown.add(missing);
            }
        }
    }

    private static List<Finding> ranked(List<Finding> found) {
        Map<String, Finding> byId = new LinkedHashMap<>();
        found.forEach(finding -> byId.merge(finding.id(), finding, Findings::worse));
        return byId.values().stream()
                .sorted(Comparator.comparing(Finding::severity)
                        .thenComparing(finding -> finding.impact().threadSecondsPerSecond())
                        .reversed())
                .toList();
    }
}
