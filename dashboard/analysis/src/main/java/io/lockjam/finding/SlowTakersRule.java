// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Owed;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Account;
import io.lockjam.window.LockWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.ThreadWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds queues that are never empty since the few threads that take from them stand in calls that wait, while others wait for what comes of it: an
 * event loop of one's own, as an actor or a dispatcher.
 *
 * <p>Who takes follows from the code on the stacks, as a taker that always finds something never waits there. Without a thread that waits for its
 * results nobody may be in a hurry, and what it takes may be things that are lent.
 */
record SlowTakersRule(double minLost, int minSeconds) implements Rule<QueueWindow> {
    static final SlowTakersRule DEFAULT = new SlowTakersRule(1, 4);

    /** Of the seconds in which the depth is known. */
    private static final double NEVER_EMPTY = 0.9;

    private static final double MOST_IDLE = 0.1;

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    @Override
    public Verdict check(QueueWindow queue, Situation all) {
        List<Integer> depths =
                queue.depths().stream().filter(depth -> depth >= 0).toList();
        long filled = depths.stream().filter(depth -> depth > 0).count();
        if (QueueBacklogRule.ofPool(queue)
                || depths.size() < minSeconds
                || queue.depthMean() < 1
                || QueueBacklogRule.DEFAULT.check(queue, all) != Verdict.CLEAR
                || filled < NEVER_EMPTY * depths.size()) {
            return Verdict.CLEAR;
        }
        List<ThreadWindow> takers = takers(queue, all);
        Set<Long> ids = ids(takers);
        Optional<LockWindow> results = all.locks().stream()
                .filter(lock -> !lock.kind().isLock() && !lock.kind().isQueue())
                .max(Comparator.comparing(lock -> ended(lock, ids)));
        Optional<TaskWaits> does = results.isPresent() && takers.stream().noneMatch(SlowTakersRule::rests)
                ? TaskWaits.of(ids, all, takers.size() * all.seconds())
                : Optional.empty();
        return does.isEmpty() || lost(results.get(), takers, all) < minLost || paces(does.get(), takers, queue, all)
                ? Verdict.CLEAR
                : new Verdict.Found(finding(queue, all, takers, does.get(), results.get()));
    }

    /** The threads that by the code on their stacks come to take from the queue, and put nothing back. */
    static List<ThreadWindow> takers(QueueWindow queue, Situation all) {
        return all.threads().stream()
                .filter(thread ->
                        thread.ended() == null && !takes(thread, queue, all).isEmpty())
                .toList();
    }

    /** Where the code of a thread comes to take from the queue; empty for one that puts back, as it does with what is lent. */
    private static List<Owed> takes(ThreadWindow thread, QueueWindow queue, Situation all) {
        List<Owed> owed = all.session().code().owes(thread.stack()).stream()
                .filter(each -> each.name().equals(queue.name()))
                .toList();
        return owed.stream().anyMatch(each -> each.kind() == WaitKind.QUEUE_TAKE)
                ? List.of()
                : owed.stream()
                        .filter(each -> each.kind() == WaitKind.QUEUE_PUT)
                        .toList();
    }

    private static Set<Long> ids(List<ThreadWindow> threads) {
        return threads.stream().map(thread -> thread.thread().id()).collect(Collectors.toSet());
    }

    private static boolean rests(ThreadWindow taker) {
        Account account = taker.account();
        return account.share(Account.Part.IDLE) + account.share(Account.Part.QUEUE) > MOST_IDLE;
    }

    /** A loop that sleeps itself between two takes means to. */
    private static boolean paces(TaskWaits does, List<ThreadWindow> takers, QueueWindow queue, Situation all) {
        Frame at = does.at().frame();
        return takers.stream()
                .flatMap(taker -> takes(taker, queue, all).stream())
                .anyMatch(owed -> owed.place().equals(at.className() + "." + at.method()));
    }

    /** Wait that the threads ended. */
    private static Duration ended(LockWindow lock, Set<Long> threads) {
        return parts(lock, threads).map(LockWindow.Part::waited).reduce(Duration.ZERO, Duration::plus);
    }

    private static Stream<LockWindow.Part> parts(LockWindow lock, Set<Long> threads) {
        return lock.releasers().stream()
                .filter(part -> threads.contains(part.thread().id()));
    }

    private Finding finding(
            QueueWindow queue, Situation all, List<ThreadWindow> takers, TaskWaits does, LockWindow results) {
        Text text = text(queue, all, takers, does, results);
        List<Place> more = new ArrayList<>();
        more.add(new Place("consumer", does.at().frame(), does.at().stack()));
        results.sites().stream()
                .limit(1)
                .flatMap(site -> site.stack().own().map(frame -> new Place("waiter", frame, site.stack())).stream())
                .forEach(more::add);
        Details d = QueueBacklogRule.details(
                queue, all, text, new Impact(lost(results, takers, all), results.waiters()), results.waitingThreads());
        return new Finding.QueueBacklog(
                new Details(
                        d.place(),
                        d.range(),
                        d.subject(),
                        text,
                        d.impact(),
                        more,
                        d.threads(),
                        d.evidence(),
                        d.instead()),
                queue);
    }

    private static double lost(LockWindow results, List<ThreadWindow> takers, Situation all) {
        return ended(results, ids(takers)).toNanos() / 1e9 / all.seconds();
    }

    private Text text(QueueWindow queue, Situation all, List<ThreadWindow> takers, TaskWaits does, LockWindow results) {
        ThreadRef any = takers.get(0).thread();
        boolean one = takers.size() == 1;
        String lost = Words.number(lost(results, takers, all));
        long times = Math.max(
                1, parts(results, ids(takers)).mapToLong(LockWindow.Part::waits).sum());
        String name = Words.simple(queue.name());
        return new Text(
                "%s %s for what %s %s: %s stand in %s, which is never empty."
                        .formatted(
                                Words.count(results.waiters(), "thread"),
                                results.waiters() == 1 ? "waits" : "wait",
                                one ? any.label() : takers.size() + " threads (" + all.groupName(any.group()) + ")",
                                one ? "does one after the other" : "do",
                                Words.number(queue.depthMean()),
                                name),
                (one
                                ? any.label() + " alone takes from it and is never without work; it "
                                : "They alone take from it and are never without work; each ")
                        + does.predicate() + ".",
                "%s thread-seconds are lost in each second by those that wait for the results, %s each time."
                        .formatted(lost, Words.time(ended(results, ids(takers)).dividedBy(times))),
                "Let more threads take from " + name
                        + ", if what they do need not follow each other, or hand the call at "
                        + Words.place(does.at().frame()) + " to a pool; else make it quicker.",
                "Each thread added takes its share, until the queue is empty at times.",
                "Depths are read each second; who takes follows from the code on the stacks, who waits for it from who ended the waits.",
                "A queue that is never empty, takers that wait in a call, and %s thread-seconds per second lost by who waits for them; here %s."
                        .formatted(Words.number(minLost), lost));
    }
}
