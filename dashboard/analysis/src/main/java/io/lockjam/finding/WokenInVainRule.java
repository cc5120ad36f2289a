// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Account;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds signals that wake many threads for which there is nothing to do: one goes on, and the rest look and wait again at once.
 *
 * <p>The JVM does not tell who goes on. A thread that does something between its waits sleeps, does I/O or waits elsewhere at times, and if that
 * happens once in ten wakes or less it was woken for nothing the other times, if by its code the class wakes all at once. Whoever does nothing else but wait and compute may have
 * computed after each wake: then nothing is said, and no more if its samples show it outside the method that waits.
 */
record WokenInVainRule(double minWakesPerSecond, int minWaiters, long minWakesForOne, double minCores)
        implements Rule<LockWindow> {
    /** A wake costs about 10 µs of a core on either side, so a thousand are what begins to be felt. */
    static final WokenInVainRule DEFAULT = new WokenInVainRule(1_000, 8, 10, 0.1);

    private static final int MIN_OTHER = 10;
    private static final double MOST_INSIDE = 0.75;

    @Override
    public Kind kind() {
        return Kind.BUSY_WAIT;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        boolean signal = lock.kind() == WaitKind.CONDITION || lock.kind() == WaitKind.OBJECT_WAIT;
        if (!signal || lock.waiters() < minWaiters || lock.contentionsPerSecond() < minWakesPerSecond) {
            return Verdict.CLEAR;
        }
        Optional<Frame> site = lock.sites().stream()
                .flatMap(each -> each.stack().site().stream())
                .findFirst();
        Set<Long> waiters =
                lock.waitingThreads().stream().map(part -> part.thread().id()).collect(Collectors.toSet());
        long other = otherCalls(lock, waiters, all);
        double cores = cores(waiters, all);
        boolean inVain = other >= MIN_OTHER && lock.contentions() >= minWakesForOne * other;

        boolean byAll = site.filter(all.session().code()::wakesAll).isPresent();
        if (site.isEmpty() || !byAll || !inVain || cores < minCores || !staysInside(site.get(), waiters, all)) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(finding(new LockTrouble(lock, all), site.get(), lock.contentions() / other, cores));
    }

    /** Sleeps, reads, writes and waits elsewhere: what a thread does that goes on. */
    private static long otherCalls(LockWindow lock, Set<Long> waiters, Situation all) {
        long sleeps = all.samples().stream()
                .filter(each -> each.kind() == Fact.ActivityKind.SLEEP
                        && waiters.contains(each.thread().id()))
                .mapToLong(Session.Samples::count)
                .sum();
        long calls = all.activities().stream()
                .filter(each ->
                        isIo(each.kind()) && waiters.contains(each.thread().id()))
                .count();
        long waits = all.locks().stream()
                .filter(other -> !other.kind().isLock() && !other.id().equals(lock.id()))
                .flatMap(other -> other.waitingThreads().stream())
                .filter(part -> waiters.contains(part.thread().id()))
                .mapToLong(LockWindow.Part::waits)
                .sum();
        return sleeps + calls + waits;
    }

    private static boolean isIo(Fact.ActivityKind kind) {
        return switch (kind) {
            case SOCKET_READ, SOCKET_WRITE, FILE_READ, FILE_WRITE -> true;
            case SLEEP, RUNNING, NATIVE, PINNED -> false;
        };
    }

    private static double cores(Set<Long> waiters, Situation all) {
        long nanos = all.threads().stream()
                .filter(thread -> waiters.contains(thread.thread().id()))
                .map(ThreadWindow::account)
                .mapToLong(account -> account.nanos(Account.Part.ON_CORE))
                .sum();
        return nanos / 1e9 / all.seconds();
    }

    /** Whether on a core the waiters are mostly found in the method that waits. */
    private static boolean staysInside(Frame site, Set<Long> waiters, Situation all) {
        long inside = 0;
        long every = 0;
        for (Session.Samples each : all.samples()) {
            if (each.kind() == Fact.ActivityKind.RUNNING
                    && waiters.contains(each.thread().id())) {
                every += each.count();
                inside += isIn(each.stack(), site) ? each.count() : 0;
            }
        }
        return inside >= MOST_INSIDE * every;
    }

    private static boolean isIn(Stack stack, Frame site) {
        return stack.frames().stream()
                .anyMatch(frame -> frame.className().equals(site.className())
                        && frame.method().equals(site.method()));
    }

    private Finding finding(LockTrouble trouble, Frame site, long wakesForOne, double cores) {
        LockWindow lock = trouble.lock;
        String rate = Words.number(lock.contentionsPerSecond());
        String at = Words.place(site);
        boolean monitor = lock.kind() == WaitKind.OBJECT_WAIT;
        String all = monitor ? "notifyAll" : "signalAll";
        String one = monitor ? "notify" : "signal";
        Text text = new Text(
                "%d threads are woken %s times a second at %s, and all but one in %d wait again at once, at %s."
                        .formatted(lock.waiters(), rate, trouble.shortName(), wakesForOne, at),
                "A signal wakes all of them, one finds what it waited for, and the others look in vain"
                        + signallers(lock) + ".",
                Words.number(cores)
                        + " cores are used by these threads, and each wake takes the lock from those that have something to do.",
                "Wake only who can go on: %s() instead of %s() where any one of them will do, else a condition for each sort of waiter; at the call that gives the signal for %s."
                        .formatted(one, all, at),
                "One wake for each thing to do instead of " + wakesForOne + ", and less time at the lock.",
                "Counts are exact. That the others go on waiting follows from how seldom these threads sleep, read or wait elsewhere between two wakes.",
                "At least %s wakes a second, %d threads and %d wakes for one that goes on; here %s, %d and %d."
                        .formatted(
                                Words.number(minWakesPerSecond),
                                minWaiters,
                                minWakesForOne,
                                rate,
                                lock.waiters(),
                                wakesForOne));
        Details d = trouble.details(text);
        Map<String, Object> evidence = new LinkedHashMap<>(d.evidence());
        evidence.put("wakesForOne", wakesForOne);
        return new Finding.BusyWait(new Details(
                "woken in vain|" + d.place(),
                d.range(),
                d.subject(),
                text,
                new Impact(cores, lock.waiters()),
                new ArrayList<>(d.where()),
                d.threads(),
                evidence,
                d.instead()));
    }

    private static String signallers(LockWindow lock) {
        List<String> names = lock.releasers().stream()
                .map(part -> part.thread().label())
                .limit(1)
                .toList();
        return names.isEmpty()
                ? ""
                : "; "
                        + (lock.releasers().size() == 1
                                ? names.get(0) + " gives it"
                                : lock.releasers().size() + " threads give it, such as " + names.get(0));
    }
}
