// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact.LockOrderSeen;
import io.lockjam.model.LockRef;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds locks that are nested in a circle: a deadlock that has not happened yet.
 *
 * <p>A then B here and B then A there, or a longer way round, is an inversion only if each nesting is another thread's, no two threads hold
 * one lock meanwhile (a gate keeps them apart; see also {@link UnseenGate}), none merely tries its second lock, and at no lock do two readers meet (Havelund, 2000;
 * Bensalem and Havelund, 2005; iGoodlock: Joshi et al., 2009).
 */
record LockOrderInversionRule() implements Rule<Situation> {
    static final LockOrderInversionRule DEFAULT = new LockOrderInversionRule();

    private static final int MOST_ORDERS = 4_000;
    private static final int MOST_WAITS = 2_000;
    private static final List<String> ROLES =
            List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth");
    private static final String READER = "$ReadLock";

    private static final String EXACT =
            "Exact: the nestings were seen on the same objects, each by another thread, with no lock around any two.";
    private static final String FROM_WAITS =
            "From waits alone: a lock around both that nobody waited for is not seen; name the classes with --races to"
                    + " have the nestings recorded.";

    /** How near to a deadlock a circle is. */
    enum Degree {
        /** All nestings were seen, but no two of their threads are known to have lived at one time, or all is known from waits. */
        POTENTIAL(
                "It is not known that the threads can come there at the same time; if they never do, nothing can happen."),
        /** The threads lived at the same time: nothing known to us keeps them apart. */
        FEASIBLE("The threads live at the same time and nothing that we saw keeps them apart."),
        /** Each thread has waited for its second lock while another of them held it. */
        CONFIRMED("They have met already: each has waited for its second lock while another of them held it.");

        private final String says;

        Degree(String says) {
            this.says = says;
        }
    }

    @Override
    public Kind kind() {
        return Kind.LOCK_ORDER_INVERSION;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        return Verdict.of(findAll(all));
    }

    /** Orders are reported once each, so all that is kept counts, not only the range; one finding for the same places. */
    private List<Finding> findAll(Situation all) {
        List<LockOrderSeen> seen = Stream.concat(
                        all.session().orders(all.session().kept()).stream(), WaitOrders.of(all).stream())
                .filter(order -> !order.tried())
                .limit(MOST_ORDERS)
                .toList();
        UnseenGate gate = new UnseenGate(all);
        return OrderCircles.of(withOuter(seen), all.session()::parted).stream()
                .filter(circle -> !stands(circle, all) && !gate.keepsApart(circle))
                .map(circle -> finding(circle, all))
                .toList();
    }

    /** Whether the deadlock has happened: then it is told as one. */
    private static boolean stands(List<LockOrderSeen> circle, Situation all) {
        Set<String> locks =
                circle.stream().map(order -> order.wanted().identity()).collect(Collectors.toSet());
        List<WaitForGraph> graphs = all.graphs();
        return !graphs.isEmpty()
                && graphs.get(graphs.size() - 1).deadlocks().stream()
                        .anyMatch(cycle -> cycle.stream()
                                .map(edge -> edge.lock().identity())
                                .collect(Collectors.toSet())
                                .containsAll(locks));
    }

    /** A nesting is told from the innermost lock held; what its thread holds further out is held as well. */
    private static List<LockOrderSeen> withOuter(List<LockOrderSeen> seen) {
        Map<String, LockOrderSeen> taken = new LinkedHashMap<>();
        seen.forEach(order ->
                taken.putIfAbsent(order.thread().id() + " " + order.held().identity(), order));
        List<LockOrderSeen> all = new ArrayList<>(seen);
        for (LockOrderSeen order : seen) {
            for (String gate : order.gates()) {
                LockOrderSeen outer = taken.get(order.thread().id() + " " + gate);
                if (outer != null && !gate.equals(order.held().identity()) && all.size() < MOST_ORDERS) {
                    all.add(new LockOrderSeen(
                            order.at(),
                            order.thread(),
                            outer.held(),
                            outer.heldAt(),
                            order.wanted(),
                            order.stack(),
                            order.gates(),
                            order.tried()));
                }
            }
        }
        return all;
    }

    private static String places(List<LockOrderSeen> circle) {
        return circle.stream().map(OrderCircles::place).sorted().collect(Collectors.joining("|"));
    }

    private static Degree degree(List<LockOrderSeen> circle, Situation all) {
        if (circle.stream().anyMatch(LockOrderSeen::isFromWaits)) {
            return Degree.POTENTIAL; // something may keep them apart
        }
        List<Wait> waits = all.session()
                .waits(
                        all.session().kept(),
                        WaitQuery.heldUp(Duration.ZERO, MOST_WAITS).withoutHolders());
        boolean crossed = circle.stream()
                .allMatch(order -> waits.stream()
                        .anyMatch(wait ->
                                wait.lock().identity().equals(order.wanted().identity())
                                        && wait.waiter().id() == order.thread().id()
                                        && wait.owner() != null
                                        && circle.stream()
                                                .anyMatch(
                                                        other -> other.thread().id()
                                                                == wait.owner().id())));
        if (crossed) {
            return Degree.CONFIRMED;
        }
        boolean together = true;
        for (LockOrderSeen one : circle) {
            for (LockOrderSeen other : circle) {
                together &= all.session().lived(one.thread(), other.at());
            }
        }
        return together ? Degree.FEASIBLE : Degree.POTENTIAL;
    }

    private static Finding finding(List<LockOrderSeen> circle, Situation all) {
        Degree degree = degree(circle, all);
        List<Place> where = new ArrayList<>();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("degree", degree.name());
        for (int i = 0; i < circle.size(); i++) {
            LockOrderSeen order = circle.get(i);
            String role = ROLES.get(i);
            order.stack().site().ifPresent(frame -> where.add(new Place(role, frame, order.stack())));
            if (!order.isFromWaits()) {
                evidence.put(role + "HeldAt", order.heldAt());
            }
        }
        LockRef first = circle.get(0).held();
        OrderWords words = new OrderWords(circle, lock -> named(lock, all));
        return new Finding.LockOrderInversion(new Details(
                places(circle),
                all.range(),
                new Subject("lock", first.className(), words.locks(), first.identity(), ""),
                text(circle, degree, words),
                new Impact(0, circle.size()),
                where,
                threads(circle),
                evidence,
                List.of()));
    }

    private static Text text(List<LockOrderSeen> circle, Degree degree, OrderWords words) {
        boolean waits = circle.stream().anyMatch(LockOrderSeen::isFromWaits);
        return new Text(
                words.title() + (degree == Degree.POTENTIAL ? " if they come there at one time." : "."),
                words.nestings() + ".",
                "Nothing is lost yet. If all come to their second lock at the same time, all stop for ever. "
                        + degree.says,
                words.cure() + ".",
                "With one order no cycle can form.",
                (waits ? FROM_WAITS : EXACT) + " Degree: " + degree.name().toLowerCase(Locale.ROOT) + ".",
                "One nesting in each direction.");
    }

    private static List<String> threads(List<LockOrderSeen> circle) {
        return circle.stream().map(order -> order.thread().label()).toList();
    }

    /** Its name in the code; else its class and identity, since the locks of a circle often are of one class. */
    private static String named(LockRef lock, Situation all) {
        return all.session()
                .orderedName(lock)
                .or(() -> nameOfWaits(lock, all))
                .map(Words::simple)
                .orElseGet(() -> Words.simple(lock.className().replace(READER, "")) + "@" + lock.identity());
    }

    /** What the code calls it where threads wait for it. */
    private static Optional<String> nameOfWaits(LockRef lock, Situation all) {
        return all.locks().stream()
                .filter(each -> each.kind().isLock()
                        && each.identity().equals(lock.identity())
                        && each.className().equals(lock.className())
                        && !each.name().startsWith(each.className()))
                .map(LockWindow::name)
                .findFirst();
    }
}
