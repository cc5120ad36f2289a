// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A ring buffer of Disruptor that has no room, as behind asynchronous loggers of Log4j: who publishes looks again and again, whatever wait strategy
 * its consumers have.
 *
 * @param consumers threads that were seen to take out of a ring buffer
 * @param does on what call they spend their time; empty if that is not known
 * @param publishes a stack that waits for room
 * @param handler a wait for room of a thread that takes out of a ring buffer; empty if none was seen
 */
record FullRing(Set<ThreadRef> consumers, Optional<TaskWaits> does, Stack publishes, Optional<Wait> handler) {
    private static final String LIBRARY = "com.lmax.disruptor.";

    /** Waits that are looked at. */
    private static final int HISTORY = 5_000;

    static Optional<FullRing> of(Stack stack, Situation all) {
        if (stack.site().filter(FullRing::asksForRoom).isEmpty()) {
            return Optional.empty();
        }
        Set<ThreadRef> consumers = all.activities().stream()
                .filter(each -> each.stack().frames().stream().anyMatch(FullRing::consumes))
                .map(Fact.Activity::thread)
                .collect(Collectors.toSet());
        Set<Long> ids = consumers.stream().map(ThreadRef::id).collect(Collectors.toSet());
        return Optional.of(new FullRing(
                consumers, TaskWaits.of(ids, all, Math.max(1, consumers.size()) * all.seconds()), stack, handler(all)));
    }

    private static Optional<Wait> handler(Situation all) {
        return all.session().waits(all.range(), WaitQuery.all(HISTORY).withoutHolders()).stream()
                .filter(wait ->
                        wait.stack().site().filter(FullRing::asksForRoom).isPresent())
                .filter(wait -> wait.stack().frames().stream().anyMatch(FullRing::consumes))
                .findFirst();
    }

    private static boolean asksForRoom(Frame frame) {
        return frame.className().startsWith(LIBRARY)
                && frame.className().endsWith("ProducerSequencer")
                && frame.method().equals("next");
    }

    private static boolean consumes(Frame frame) {
        return frame.className().startsWith(LIBRARY) && frame.className().endsWith("EventProcessor");
    }

    String why() {
        return "The ring buffer is full, and who publishes looks again and again until there is room."
                + handler.map(wait -> " " + wait.waiter().label()
                                + ", which takes out of a ring buffer, waits for room in one itself" + at(wait)
                                + ": if it is the same one, nobody makes room any more, and all wait for ever.")
                        .orElse("")
                + does.map(call -> " " + Words.list(Words.labels(consumers.stream())) + ", which takes out of it, "
                                + call.predicate() + ".")
                        .orElse("");
    }

    /** Where the application publishes. */
    private static String at(Wait wait) {
        return wait.stack().own().map(frame -> " at " + Words.place(frame)).orElse("");
    }

    String change() {
        if (handler.isPresent()) {
            return "Let no handler publish into the ring buffer that it empties" + at(handler.get())
                    + ": give what follows a ring buffer of its own. Where it is another one already, let the consumers of that be quicker.";
        }
        return does.map(call -> "Make the call at " + Words.place(call.at().frame()) + " quicker")
                        .orElse("Let its consumers be quicker")
                + ", or publish less" + LenderSettings.ofQueue(publishes) + LentOutRule.calledFrom(publishes)
                + "; a larger ring buffer only delays the wait.";
    }
}
