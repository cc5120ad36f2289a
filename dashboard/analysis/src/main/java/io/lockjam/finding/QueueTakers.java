// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.WaitQuery;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who takes out of a queue that is full: a consumer that never waits there shows only by the producers that it lets go on.
 *
 * @param threads seen to make room
 * @param does on what call they spend their time; empty if there is none, or if it is not known
 * @param next the queue at which they wait for room themselves for much of their time: then others further on are too slow
 */
record QueueTakers(Set<ThreadRef> threads, Optional<TaskWaits> does, Optional<Next> next) {
    private static final int WAITS = 2_000;

    /** A third, as for calls. */
    private static final double MIN_SHARE = 1 / 3.0;

    /** @param share of the takers' time that they wait there, 0 to 1 */
    record Next(QueueWindow queue, double share) {}

    static QueueTakers of(QueueWindow queue, Situation all) {
        Set<ThreadRef> wakers = all
                .session()
                .waits(all.range(), WaitQuery.all(WAITS).withoutHolders())
                .stream()
                .filter(wait -> wait.kind() == WaitKind.QUEUE_PUT
                        && wait.lock().identity().equals(queue.identity()))
                .flatMap(wait -> Optional.ofNullable(wait.releasedBy()).stream())
                .filter(thread -> queue.producerThreads().stream()
                        .noneMatch(part -> part.thread().equals(thread)))
                .collect(Collectors.toSet());
        Set<ThreadRef> threads = notProducers(wakers, queue);
        Set<Long> ids = threads.stream().map(ThreadRef::id).collect(Collectors.toSet());
        double seconds = threads.size() * all.seconds();
        return new QueueTakers(
                threads,
                threads.isEmpty() ? Optional.empty() : TaskWaits.of(ids, all, seconds),
                all.queues().stream()
                        .filter(other -> !other.identity().equals(queue.identity()))
                        .map(other -> new Next(other, Math.min(1, putWait(other, ids) / Math.max(1e-9, seconds))))
                        .filter(other -> other.share() >= MIN_SHARE)
                        .max(Comparator.comparingDouble(Next::share)));
    }

    /**
     * Without the threads of the producers' pools, if any others are left: who gives up waiting for room passes the queue's lock on to
     * one that was told of room, and is the one that woke it.
     */
    private static Set<ThreadRef> notProducers(Set<ThreadRef> threads, QueueWindow queue) {
        Set<String> producers = queue.producerThreads().stream()
                .map(part -> part.thread().group())
                .collect(Collectors.toSet());
        Set<ThreadRef> others = threads.stream()
                .filter(thread -> !producers.contains(thread.group()))
                .collect(Collectors.toSet());
        return others.isEmpty() ? threads : others;
    }

    private static double putWait(QueueWindow queue, Set<Long> threads) {
        return queue.producerThreads().stream()
                .filter(part -> threads.contains(part.thread().id()))
                .mapToDouble(part -> part.waited().toNanos() / 1e9)
                .sum();
    }

    /** {@code  writer-1 takes them out; it sleeps for 96 % of its time at Disk.write(Disk.java:12).} */
    String sentence(Situation all) {
        if (threads.isEmpty()) {
            return "";
        }
        ThreadRef any = threads.iterator().next();
        boolean one = threads.size() == 1;
        return " "
                + (one
                        ? any.label() + " takes them out"
                        : Words.count(threads.size(), "thread") + " (" + all.groupName(any.group()) + ") take them out")
                + next.map(other -> (one ? "; it waits" : "; each waits") + " itself for room in "
                                + Words.simple(other.queue().name()) + " for " + Words.percent(other.share())
                                + " of its time")
                        .or(() -> does.map(call -> (one ? "; it " : "; each ") + call.predicate()))
                        .orElse("")
                + ".";
    }

    /**
     * What to change at the consumer; a library has as many as it wants, so it may only be asked to do with less.
     *
     * @param producer stack at which one puts in; empty if none is known
     */
    String change(Stack producer) {
        if (next.isPresent()) {
            return "Make what takes out of " + Words.simple(next.get().queue().name())
                    + " quicker, or add consumers there: more here would wait for room as well; ";
        }
        Optional<Frame> library = producer.site().filter(frame -> Libraries.has(frame.className()));
        String less = library.map(frame ->
                        "put less into it" + LenderSettings.ofQueue(producer) + LentOutRule.calledFrom(producer))
                .orElse("add consumers");
        return does.map(call -> "Make the call at " + Words.place(call.at().frame()) + " quicker, or " + less + "; ")
                .orElse(
                        library.isPresent()
                                ? Character.toUpperCase(less.charAt(0)) + less.substring(1)
                                        + ", or make what takes from it quicker; "
                                : "Add consumers or make each cheaper; ");
    }
}
