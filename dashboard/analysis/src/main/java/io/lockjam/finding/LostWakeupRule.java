// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds threads that wait for a signal which was given before they waited, with nothing left to give another. One that holds a lock
 * for which others wait is left to {@link LockHeldAcrossBlockingRule}.
 *
 * <p>Nobody records a signal that wakes no one, so this is concluded, and only from one of these situations; a long wait alone is what
 * every idle consumer does. For threads that were stuck before anybody looked there is {@link StuckForGood}.
 *
 * <ul>
 *   <li>All at one object: every thread that ever waited at this object now waits there, without a limit, and they stand at two or more
 *       different methods. The producers and the consumers are all asleep, so the signal that one owed the other is gone. Waiters at
 *       one method only are idle consumers.
 *   <li>One signal for each object: most earlier waits at this place were each on an object of its own, woken within moments. This
 *       object's signal is overdue by far, and every thread that gave such signals has ended, waits itself inside this JVM, or has
 *       meanwhile passed this waiter over: it woke at least twenty that began to wait later. Threads in I/O may still be told something
 *       from outside, so being passed over counts only in a program in which no thread is.
 * </ul>
 *
 * <p>Three seconds, because a snapshot is taken each second and a wait must be met by several. Waits that ended without a signal
 * (interrupted, or woken for no reason) are no history.
 */
record LostWakeupRule(Duration minAge, int minWakes, double overdue, int minPassedOver) implements Rule<Situation> {
    static final LostWakeupRule DEFAULT = new LostWakeupRule(Duration.ofSeconds(3), 5, 10, 20);
    private static final String GIVEN = "that has been given already";
    private static final int HISTORY = 50_000;
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final int NETWORK_DEPTH = 6;

    @Override
    public Kind kind() {
        return Kind.LOST_WAKEUP;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        WaitForGraph graph = all.session().graph(all.range().to());
        List<WaitForGraph.Edge> lasting = graph.edges().stream()
                .filter(edge -> edge.owner() == null && !edge.kind().isLock())
                .filter(edge -> !edge.idle() && edge.soFar().compareTo(minAge) >= 0)
                .filter(edge -> untimed(edge, all) && !keepsOthers(edge, graph))
                .map(edge -> seen(edge.waiter(), all)
                        .map(stack -> InnerWaits.told(
                                edge, stack.stack(), all.session().code()))
                        .orElse(edge))
                .toList();
        if (lasting.isEmpty()) {
            return Verdict.CLEAR;
        }
        List<WaitForGraph.Edge> stuck = lasting.stream()
                .filter(edge -> edge.kind() == WaitKind.OBJECT_WAIT || edge.kind() == WaitKind.CONDITION)
                .toList();
        List<Wait> history = history(all);
        List<StuckForGood.Proof> proofs = proofs(stuck, lasting, history, graph, all);
        if (proofs.isEmpty() && !stuck.isEmpty()) {
            return notYet(Words.count(stuck.size(), "thread") + (stuck.size() == 1 ? " waits" : " wait")
                    + " for a signal; nobody can tell yet whether it will come");
        }
        return Verdict.of(proofs.stream()
                .map(proof -> finding(proof.edges().get(0), at(proof.edges().get(0), history), proof, all))
                .toList());
    }

    private static List<Wait> history(Situation all) {
        return all.session().waits(all.session().kept(), WaitQuery.all(HISTORY).withoutHolders()).stream()
                .filter(wait ->
                        wait.ended() && (wait.kind() == WaitKind.OBJECT_WAIT || wait.kind() == WaitKind.CONDITION))
                .toList();
    }

    /** @param stuck those of {@code lasting} that wait for a signal */
    private List<StuckForGood.Proof> proofs(
            List<WaitForGraph.Edge> stuck,
            List<WaitForGraph.Edge> lasting,
            List<Wait> history,
            WaitForGraph graph,
            Situation all) {
        List<StuckForGood.Proof> proofs = new ArrayList<>();
        for (WaitForGraph.Edge edge : stuck) {
            List<Wait> here = at(edge, history);
            if (here.size() >= minWakes && !isTold(edge, proofs)) {
                allAtOneObject(edge, stuck, here, all)
                        .or(() -> oneSignalEach(edge, here, graph, all))
                        .map(why -> new StuckForGood.Proof(GIVEN, why, same(edge, stuck)))
                        .ifPresent(proofs::add);
            }
        }
        for (StuckForGood.Proof proof : StuckForGood.of(stuck, lasting, late(stuck, history), graph, all)
                .proofs()) {
            if (!isTold(proof.edges().get(0), proofs)) {
                proofs.add(proof);
            }
        }
        return proofs;
    }

    /** Those that have waited far longer than any other wait at the place did, of several. */
    private List<WaitForGraph.Edge> late(List<WaitForGraph.Edge> stuck, List<Wait> history) {
        return stuck.stream()
                .filter(edge -> {
                    List<Wait> here = at(edge, history);
                    return here.size() >= minWakes
                            && edge.soFar().toNanos() >= longest(here).toNanos() * overdue;
                })
                .toList();
    }

    private static Duration longest(List<Wait> waits) {
        return waits.stream().map(Wait::waited).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    private static boolean isTold(WaitForGraph.Edge edge, List<StuckForGood.Proof> proofs) {
        return proofs.stream().anyMatch(proof -> proof.edges().contains(edge));
    }

    /** Earlier waits at the place of this one. */
    private static List<Wait> at(WaitForGraph.Edge edge, List<Wait> history) {
        return history.stream()
                .filter(wait -> wait.lockId().equals(edge.lockId()))
                .toList();
    }

    /** Those that wait at the place or the object, this one first. */
    private static List<WaitForGraph.Edge> same(WaitForGraph.Edge edge, List<WaitForGraph.Edge> stuck) {
        return Stream.concat(Stream.of(edge), stuck.stream())
                .filter(other ->
                        other.lock().equals(edge.lock()) || other.lockId().equals(edge.lockId()))
                .distinct()
                .toList();
    }

    /** A stack taken while it waits says whether the wait has a limit; without a stack it is taken to have one. */
    private static boolean untimed(WaitForGraph.Edge edge, Situation all) {
        return seen(edge.waiter(), all)
                .map(stack -> stack.state().equals("WAITING"))
                .orElse(false);
    }

    /** Whether others wait for a lock that it holds: the signal may be theirs to give, and is not lost but kept from coming. */
    private static boolean keepsOthers(WaitForGraph.Edge edge, WaitForGraph graph) {
        return graph.edges().stream()
                .filter(other -> other.kind().isLock())
                .map(WaitForGraph.Edge::owner)
                .anyMatch(owner -> owner != null && owner.id() == edge.waiter().id());
    }

    private static Optional<Fact.StackSeen> seen(ThreadRef thread, Situation all) {
        return all.session().stacks(all.session().kept()).stream()
                .filter(stack -> stack.thread().id() == thread.id())
                .reduce((one, other) -> other);
    }

    private Optional<String> allAtOneObject(
            WaitForGraph.Edge edge, List<WaitForGraph.Edge> stuck, List<Wait> here, Situation all) {
        Set<Long> waiting = new HashSet<>();
        Set<String> methods = new HashSet<>();
        for (WaitForGraph.Edge other : stuck) {
            if (other.lock().equals(edge.lock())) {
                waiting.add(other.waiter().id());
                site(other, here, all).ifPresent(frame -> methods.add(frame.className() + "." + frame.method()));
            }
        }
        Set<Long> users = new HashSet<>();
        List<Wait> own =
                here.stream().filter(wait -> wait.lock().equals(edge.lock())).toList();
        if (own.size() < minWakes) {
            return Optional.empty();
        }
        for (Wait wait : own) {
            users.add(wait.waiter().id());
            ThreadRef by = wait.releasedBy();
            if (by != null) {
                users.add(by.id());
            }
        }
        boolean nobodyLeft = waiting.containsAll(users) && waiting.size() >= 2 && methods.size() >= 2;
        return nobodyLeft
                ? Optional.of("All " + waiting.size() + " threads that ever waited for it or signalled it now wait, at "
                        + methods.size() + " different methods; nobody is left to signal")
                : Optional.empty();
    }

    private Optional<String> oneSignalEach(
            WaitForGraph.Edge edge, List<Wait> waits, WaitForGraph graph, Situation all) {
        List<Wait> here =
                waits.stream().filter(wait -> wait.releasedBy() != null).toList();
        Set<String> objects = new HashSet<>();
        Duration longest = longest(here);
        Map<Long, ThreadRef> signallers = new LinkedHashMap<>();
        for (Wait wait : here) {
            objects.add(wait.lock().identity());
            ThreadRef by = wait.releasedBy();
            if (by != null) {
                signallers.put(by.id(), by);
            }
        }
        boolean each = objects.size() * 2 >= here.size();
        boolean late = edge.soFar().toNanos() >= longest.toNanos() * overdue;
        if (here.size() < minWakes || !each || !late || signallers.isEmpty()) {
            return Optional.empty();
        }
        boolean silent = signallers.keySet().stream()
                .allMatch(id -> graph.of(id)
                        .filter(own -> own.soFar().compareTo(SETTLED) >= 0)
                        .isPresent());
        Instant began = graph.at().minus(edge.soFar());
        long later = here.stream().filter(wait -> wait.start().isAfter(began)).count();
        if (!silent && (later < minPassedOver || talksToOthers(all))) {
            return Optional.empty();
        }
        String now = !silent
                ? "has since woken " + Words.number((double) later) + " that began to wait later"
                : signallers.size() == 1 ? "now waits itself" : "now wait themselves";
        return Optional.of(
                "%s earlier waits at this place were each woken within %s, on %s different objects; %s, who gave those signals, %s"
                        .formatted(
                                Words.number((double) here.size()),
                                Words.time(longest),
                                Words.number((double) objects.size()),
                                Words.list(signallers.values().stream()
                                        .map(ThreadRef::label)
                                        .toList()),
                                signallers.size() == 1 ? now : now.replace("has since", "have since")));
    }

    /** Whether a thread of the program was seen at a socket or a selector: an answer may still come from outside. */
    private static boolean talksToOthers(Situation all) {
        return all.activities().stream()
                        .anyMatch(each -> each.kind() == Fact.ActivityKind.SOCKET_READ
                                || each.kind() == Fact.ActivityKind.SOCKET_WRITE)
                || all.threads().stream().anyMatch(thread -> network(thread.stack()))
                || all.samples().stream().anyMatch(sample -> network(sample.stack()));
    }

    private static boolean network(Stack stack) {
        return stack.frames().stream()
                .limit(NETWORK_DEPTH)
                .anyMatch(frame -> frame.className().startsWith("sun.nio.ch.")
                        || frame.className().startsWith("java.net."));
    }

    private static Optional<Frame> site(WaitForGraph.Edge edge, List<Wait> here, Situation all) {
        return stack(edge, here, all).site();
    }

    /** Taken while it waits; if the text of that stack is lost, that of the thread's last wait for the same thing. */
    private static Stack stack(WaitForGraph.Edge edge, List<Wait> here, Situation all) {
        Stack taken = seen(edge.waiter(), all).map(Fact.StackSeen::stack).orElse(Stack.EMPTY);
        return !taken.isEmpty()
                ? taken
                : here.stream()
                        .filter(wait -> wait.waiter().id() == edge.waiter().id())
                        .max(Comparator.comparing(Wait::start))
                        .map(Wait::stack)
                        .orElse(Stack.EMPTY);
    }

    private Finding finding(WaitForGraph.Edge edge, List<Wait> here, StuckForGood.Proof proof, Situation all) {
        List<WaitForGraph.Edge> alike = same(edge, proof.edges()); // one object may be known by two names
        List<String> names = alike.stream().map(other -> other.waiter().label()).toList();
        int threads = StandingWaits.threads(alike);
        List<Place> where = new ArrayList<>();
        Set<Frame> known = new HashSet<>();
        for (WaitForGraph.Edge other : alike) {
            Stack stack = stack(other, here, all);
            stack.site().filter(known::add).ifPresent(frame -> where.add(new Place("waiter", frame, stack)));
        }
        String at = where.isEmpty() ? "" : " at " + Words.place(where.get(0).frame());
        Subject subject = new Subject(
                edge.kind() == WaitKind.OBJECT_WAIT ? "monitor" : "lock",
                edge.lock().className(),
                edge.lockName(),
                edge.lock().identity(),
                edge.lockId());
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("age", edge.soFar().toNanos());
        evidence.put("earlierWaits", here.size());
        String first = where.stream()
                .map(place -> Words.place(place.frame()))
                .min(Comparator.naturalOrder())
                .orElse("");
        return new Finding.LostWakeup(
                new Details(
                        edge.lockName() + "|" + first,
                        all.range(),
                        subject,
                        text(alike, at, here.size(), proof),
                        new Impact(threads, threads),
                        where,
                        names,
                        evidence,
                        List.of()),
                edge);
    }

    private Text text(List<WaitForGraph.Edge> alike, String at, int earlier, StuckForGood.Proof proof) {
        WaitForGraph.Edge edge = alike.get(0);
        int threads = StandingWaits.threads(alike);
        String whole = Words.simple(edge.lockName());
        String name = whole.contains(" at ") && !at.isEmpty() ? whole.substring(0, whole.indexOf(" at ")) : whole;
        SignalWords words = new SignalWords(edge.kind());
        String waits = earlier == 0 ? "" : Words.count(earlier, "earlier wait");
        return new Text(
                "%s %s %s (%s so far)%s."
                        .formatted(
                                StandingWaits.names(alike),
                                threads == 1 ? "waits" : "wait",
                                words.object(name, proof.signal()),
                                Words.time(edge.soFar()),
                                at),
                proof.why() + ".",
                Words.count(threads, "thread") + " will never go on.",
                proof.change().isEmpty()
                        ? words.change(name, at)
                        : proof.change().formatted(at),
                words.expect(),
                "Concluded from " + (earlier == 0 ? "" : waits + ", ")
                        + "the snapshots since and the code; a signal that wakes nobody leaves no trace.",
                "A wait without limit of at least " + Words.time(minAge) + "; here " + Words.time(edge.soFar())
                        + (earlier == 0 ? "." : ", with " + waits + " at the same place."));
    }
}
