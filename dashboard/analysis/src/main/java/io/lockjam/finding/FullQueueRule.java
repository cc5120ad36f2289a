// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.ThreadWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds queues that stay full while nobody waits for room, since by the code who puts something in does not look whether it fitted.
 *
 * <p>That the depth rises again after it fell, or stays where it is although somebody takes, shows that elements come all the time.
 */
record FullQueueRule(double minFill, int minSeconds) implements Rule<QueueWindow> {
    /** Waits in a second of a thread that does one thing after the other. */
    private static final double MOVES = 1;

    static final FullQueueRule DEFAULT = new FullQueueRule(0.9, 8);

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    @Override
    public Verdict check(QueueWindow queue, Situation all) {
        List<Integer> depths =
                queue.depths().stream().filter(depth -> depth >= 0).toList();
        boolean bounded = queue.capacity() > 0 && queue.capacity() < Integer.MAX_VALUE;
        if (!bounded
                || depths.size() < minSeconds
                || depths.stream().anyMatch(depth -> depth < minFill * queue.capacity())
                || !(risesAgain(depths) || isMoved(queue, all))
                || QueueBacklogRule.ofPool(queue)
                || QueueBacklogRule.DEFAULT.check(queue, all) != Verdict.CLEAR) {
            return Verdict.CLEAR;
        }
        return all.session()
                .code()
                .droppedOffer(queue.name())
                .<Verdict>map(at -> new Verdict.Found(finding(queue, all, depths, at)))
                .orElse(Verdict.CLEAR);
    }

    /** Whether the threads that take are at work rather than stuck: then what they take comes again. */
    private static boolean isMoved(QueueWindow queue, Situation all) {
        return SlowTakersRule.takers(queue, all).stream()
                .anyMatch(taker -> taker.voluntarySwitchesPerSecond() >= MOVES);
    }

    private static boolean risesAgain(List<Integer> depths) {
        boolean fell = false;
        for (int i = 1; i < depths.size(); i++) {
            if (fell && depths.get(i) > depths.get(i - 1)) {
                return true;
            }
            fell |= depths.get(i) < depths.get(i - 1);
        }
        return false;
    }

    private Finding finding(QueueWindow queue, Situation all, List<Integer> depths, Frame at) {
        String name = Words.simple(queue.name());
        String place = Words.place(at);
        List<ThreadWindow> takers = SlowTakersRule.takers(queue, all);
        Text text = new Text(
                "%s stays full (%s of %s), and %s offers to it without a look at whether there was room."
                        .formatted(name, Words.number(queue.depthMean()), Words.number(queue.capacity()), place),
                "Where a queue is full, offer gives false and the element is lost. It has been full for "
                        + depths.size() + " s" + (risesAgain(depths) ? ", and elements still come." : ".")
                        + takers(takers, all),
                "What does not fit is lost, and what fits waits behind " + Words.number(queue.depthMean()) + " others.",
                "Use put there, which waits for room, or look at what offer gives and count or refuse what does not fit; and add consumers or make each"
                        + " cheaper.",
                "Nothing is lost unseen, and with enough consumers there is room.",
                "Depths are read each second; that nobody looks at the answer is read from the code.",
                "A queue that is at least %s full in each of %d s; here %s on average."
                        .formatted(
                                Words.percent(minFill),
                                minSeconds,
                                Words.percent(queue.depthMean() / queue.capacity())));
        List<Place> where = new ArrayList<>(List.of(new Place("producer", at, new Stack(List.of(at)))));
        takers.stream()
                .limit(1)
                .flatMap(
                        taker -> taker.stack().own().map(frame -> new Place("consumer", frame, taker.stack())).stream())
                .forEach(where::add);
        Details d = QueueBacklogRule.details(queue, all, text, new Impact(0, 0), List.of());
        return new Finding.QueueBacklog(
                new Details(
                        d.place(),
                        d.range(),
                        d.subject(),
                        text,
                        d.impact(),
                        where,
                        d.threads(),
                        d.evidence(),
                        d.instead()),
                queue);
    }

    private static String takers(List<ThreadWindow> takers, Situation all) {
        if (takers.isEmpty()) {
            return "";
        }
        Set<Long> ids = takers.stream().map(taker -> taker.thread().id()).collect(Collectors.toSet());
        Optional<TaskWaits> does = TaskWaits.of(ids, all, takers.size() * all.seconds());
        boolean one = takers.size() == 1;
        return " "
                + (one
                        ? takers.get(0).thread().label() + " takes them out"
                        : Words.count(takers.size(), "thread") + " take them out")
                + does.map(call -> (one ? "; it " : "; each ") + call.predicate())
                        .orElse("") + ".";
    }
}
