// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.WaitForGraph;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be the matter with a full queue from which no thread is seen to take: whoever takes may know it by another name, as an argument.
 *
 * @param name of the queue
 * @param site where threads wait for room in it
 * @param feeding of these threads those that by their code take from a queue themselves
 * @param elsewhere who waits for room in another queue; empty if nobody does
 */
record NoTaker(String name, @Nullable Frame site, List<ThreadRef> feeding, List<WaitForGraph.Edge> elsewhere) {
    String why() {
        String none = "No thread was seen that by its code takes from it";
        if (!elsewhere.isEmpty()) {
            return none
                    + ", but %s for room in %s: if it is they who take from it, the two queues are full of what each other's takers put there."
                            .formatted(
                                    StandingWaits.names(elsewhere)
                                            + (StandingWaits.threads(elsewhere) == 1 ? " waits" : " wait"),
                                    QueueStandsRule.shortName(elsewhere.get(0)));
        }
        if (!feeding.isEmpty()) {
            boolean one = feeding.size() == 1;
            return "No other thread was seen that takes from it, but by "
                    + (one ? "its" : "their") + " code "
                    + Words.list(feeding.stream().map(ThreadRef::label).toList())
                    + (one ? " takes" : " take")
                    + " from a queue further out: if it is this one, whoever should make room waits for room.";
        }
        return none + ": it may have ended.";
    }

    String change() {
        if (!elsewhere.isEmpty()) {
            return "If what is taken from " + name + " ends up in " + QueueStandsRule.shortName(elsewhere.get(0))
                    + " and comes back, let whoever puts it back never wait for room: use offer, and keep or drop what finds none, at "
                    + Words.place(site) + ". Else see that the thread that takes from " + name + " still lives.";
        }
        if (!feeding.isEmpty()) {
            return "Do not wait for room in " + name + " in a thread that takes from it, at " + Words.place(site)
                    + ": give it no bound, use offer with a time limit, or put from there into another queue.";
        }
        return "See that the thread that takes from " + name
                + " lives for as long as something is put in: catch what its work throws inside its loop.";
    }
}
