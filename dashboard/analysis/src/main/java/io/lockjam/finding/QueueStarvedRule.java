// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Libraries;
import io.lockjam.model.WaitKind;
import io.lockjam.window.QueueWindow;

/**
 * Finds queues whose consumers wait for work most of the time although work flows: there are more of them than it needs.
 *
 * <p>Consumers of an idle program wait as well, so work must flow (20 waits that ended in each second), and at least two of the consumers must be
 * spare. Waits of pool workers for work do not count. Information only: nothing is lost but threads.
 */
record QueueStarvedRule(double minWaitsPerSecond, int minConsumers, double minShare) implements Rule<QueueWindow> {
    static final QueueStarvedRule DEFAULT = new QueueStarvedRule(20, 3, 0.8);

    @Override
    public Kind kind() {
        return Kind.QUEUE_STARVED;
    }

    @Override
    public Verdict check(QueueWindow queue, Situation all) {
        int consumers = queue.consumerThreads().size();
        double waiting = queue.takeWait().toNanos() / 1e9 / all.seconds();
        double rate = queue.takeWaits() / all.seconds();
        boolean starved = queue.poolIdentity() == null
                && consumers >= minConsumers
                && rate >= minWaitsPerSecond
                && waiting >= minShare * consumers
                && queue.depthMean() < 1;
        if (!starved || isPool(queue, all) || chosenByLibrary(queue)) {
            return Verdict.CLEAR;
        }
        String name = Words.simple(queue.name());
        int needed = Math.max(1, (int) Math.ceil((consumers - waiting) / 0.7));
        Text text = new Text(
                "%s wait for work at %s %s of the time; %d would do."
                        .formatted(
                                Words.count(consumers, "consumer"), name, Words.percent(waiting / consumers), needed),
                "The queue is empty (" + Words.number(queue.depthMean()) + " elements on average) and elements come at "
                        + Words.number(rate) + " a second or more.",
                "Nothing is lost but " + Words.count(consumers - needed, "thread") + " and their wake-ups.",
                "Run " + Words.count(needed, "consumer") + ", or speed up the producers if more work was expected.",
                "The consumers that stay are busy 70 % of the time.",
                "Waits are counted exactly; consumers are those seen in sampled waits.",
                "At least %d consumers that wait %s of the time while %s waits a second end; here %d, %s and %s."
                        .formatted(
                                minConsumers,
                                Words.percent(minShare),
                                Words.number(minWaitsPerSecond),
                                consumers,
                                Words.percent(waiting / consumers),
                                Words.number(rate)));
        return new Verdict.Found(new Finding.QueueStarved(
                QueueBacklogRule.details(queue, all, text, new Impact(0, consumers), queue.consumerThreads()),
                queue,
                Severity.INFO));
    }

    /** Threads that nobody who runs the program has asked for, unless they are many; see {@link PoolOversizedRule}. */
    private static boolean chosenByLibrary(QueueWindow queue) {
        return queue.consumerThreads().size() < PoolOversizedRule.DEFAULT.warnFrom()
                && !queue.consumers().isEmpty()
                && queue.consumers().stream()
                        .allMatch(site -> site.stack()
                                .own()
                                .filter(frame -> Libraries.has(frame.className()))
                                .isPresent());
    }

    /** Who gives back what it takes waits for its turn, and so does who is handed a connection through a queue. */
    private static boolean isPool(QueueWindow queue, Situation all) {
        return queue.consumers().stream()
                .anyMatch(site -> SlotTrouble.inLender(site.stack(), all)
                        || all.session().code().givesBack(site.stack(), WaitKind.QUEUE_TAKE, queue.name()));
    }
}
