// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds producers that a library keeps waiting for credits, as a broker whose memory is full does: each has a semaphore of its own, so no sum shows
 * that all stand for one reason.
 *
 * <p>A method of the library says by its name that it waits for credits or room. While the other end takes, however slowly, such waits end.
 */
record CreditsStandRule(Duration minAge, int minProducers) implements Rule<Situation> {
    static final CreditsStandRule DEFAULT = new CreditsStandRule(CodeOwners.MIN_AGE, 2);

    private static final Pattern ROOM = Pattern.compile(
            "(?i).*(credit|(await|waitFor|acquire)\\w*(space|room|capacity)|back_?pressure|flowControl).*");

    private static final Pattern TAKES = Pattern.compile("(?i)(receive|take|poll|consume|dequeue|next)\\w*");

    private static final int HISTORY = 50_000;

    private static final Set<WaitKind> SIGNALS =
            Set.of(WaitKind.SEMAPHORE, WaitKind.CONDITION, WaitKind.OBJECT_WAIT, WaitKind.LATCH);

    @Override
    public Kind kind() {
        return Kind.QUEUE_BACKLOG;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<WaitForGraph.Edge> sending = all.session().graph(all.range().to()).edges().stream()
                .filter(edge -> SIGNALS.contains(edge.kind()) && edge.owner() == null)
                .filter(edge -> room(DeadlockRule.stackOf(edge, all)).isPresent())
                .toList();
        if (sending.size() < minProducers) {
            return Verdict.CLEAR;
        }
        List<Wait> ended = all
                .session()
                .waits(all.session().kept(), WaitQuery.all(HISTORY).withoutHolders())
                .stream()
                .filter(wait -> wait.ended() && SIGNALS.contains(wait.kind()))
                .toList();
        Map<String, List<WaitForGraph.Edge>> byPlace = sending.stream()
                .filter(edge -> age(edge, ended).compareTo(minAge) >= 0)
                .sorted(Comparator.comparing(edge -> age(edge, ended)))
                .collect(Collectors.groupingBy(WaitForGraph.Edge::lockName, LinkedHashMap::new, Collectors.toList()));
        return Verdict.of(byPlace.values().stream()
                .filter(here -> StandingWaits.threads(here) >= minProducers && noneGiven(here.get(0), ended, all))
                .map(here -> finding(here, age(here.get(0), ended), all))
                .toList());
    }

    /** How long it has waited, with a wait before that ended by its own time limit: such a one begins again, as Artemis' first does. */
    private Duration age(WaitForGraph.Edge edge, List<Wait> ended) {
        return ended.stream()
                .filter(wait -> wait.waiter().id() == edge.waiter().id() && isAt(edge, wait))
                .reduce((one, other) -> other.end().isAfter(one.end()) ? other : one)
                .filter(this::broughtNothing)
                .map(wait -> wait.waited().plus(edge.soFar()))
                .orElse(edge.soFar());
    }

    private boolean noneGiven(WaitForGraph.Edge edge, List<Wait> ended, Situation all) {
        Instant began = all.range().to().minus(age(edge, ended));
        return ended.stream()
                .filter(wait -> isAt(edge, wait) && wait.end().isAfter(began))
                .allMatch(this::broughtNothing);
    }

    private static boolean isAt(WaitForGraph.Edge edge, Wait wait) {
        return wait.kind() == edge.kind() && wait.lockName().equals(edge.lockName());
    }

    private boolean broughtNothing(Wait wait) {
        return wait.releasedBy() == null && wait.waited().compareTo(minAge) >= 0;
    }

    /** The method that says it waits for room: of a library, and called by the application's code in the end. */
    private static Optional<Frame> room(Stack stack) {
        List<Frame> library = stack.frames().stream()
                .filter(frame -> !frame.isJdk())
                .takeWhile(frame -> Libraries.has(frame.className()))
                .toList();
        boolean called = stack.frames().stream().anyMatch(Frame::isOwn);
        return library.stream()
                .filter(frame -> called
                        && ROOM.matcher(Words.simple(frame.className()) + "." + frame.method())
                                .matches())
                .findFirst();
    }

    private Finding finding(List<WaitForGraph.Edge> waiting, Duration age, Situation all) {
        WaitForGraph.Edge edge = waiting.get(0);
        Stack stack = DeadlockRule.stackOf(edge, all);
        Frame inside = room(stack).orElseThrow();
        Frame own = stack.own().orElse(inside);
        int threads = StandingWaits.threads(waiting);
        Optional<ThreadWindow> taker = taker(inside, all);
        Text text = new Text(
                "%d threads wait in %s for leave to send, and none is given (%s so far) at %s."
                        .formatted(threads, Words.place(inside), Words.time(age), Words.place(own)),
                "The library keeps back who sends while too much of it is under way, and no such wait has ended since: nothing of it is taken and"
                        + " acknowledged"
                        + taker.map(thread -> ". " + thread.thread().label() + " itself waits for more at "
                                        + Words.place(thread.stack().own().orElse(null)))
                                .orElse("")
                        + ".",
                threads + " threads stand still; whoever waits for what they send does, too.",
                "Let what is sent be acknowledged sooner: commit, or acknowledge, after fewer messages than the limit holds; or raise the limit. Give the"
                        + " send at " + Words.place(own) + " a time limit, so that a full one is noticed.",
                "The producers go on as soon as something is acknowledged.",
                "From snapshots of all threads and their stacks; that it is a limit on what is under way follows from the name "
                        + inside.method() + ".",
                "At least %d threads, for at least %s; here %d and %s."
                        .formatted(minProducers, Words.time(minAge), threads, Words.time(age)));
        List<Place> where = new ArrayList<>(List.of(new Place("producer", own, stack)));
        taker.flatMap(thread -> thread.stack().own().map(frame -> new Place("consumer", frame, thread.stack())))
                .ifPresent(where::add);
        return new Finding.QueueStands(new StandingWaits(edge, waiting).details("credits", text, where, all), edge);
    }

    /** A thread that waits in a method of the same library which takes what others send. */
    private static Optional<ThreadWindow> taker(Frame inside, Situation all) {
        String[] parts = inside.className().split("\\.", 4);
        String library = parts.length < 4 ? inside.className() : parts[0] + "." + parts[1] + "." + parts[2] + ".";
        return all.threads().stream()
                .filter(thread -> thread.ended() == null
                        && thread.stack().frames().stream().anyMatch(Frame::isOwn)
                        && thread.stack().frames().stream()
                                .filter(frame -> !frame.isJdk())
                                .limit(1)
                                .anyMatch(frame -> frame.className().startsWith(library)
                                        && TAKES.matcher(frame.method()).matches()))
                .findFirst();
    }
}
