// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds locks that are nested in opposite orders: a deadlock that has not happened yet.
 *
 * <p>A then B here and B then A there is an inversion only if two threads do it, no third lock is held around both (a gate keeps them
 * apart), and neither merely tries the second lock (Havelund, 2000; Bensalem and Havelund, 2005).
 */
record LockOrderInversionRule() implements Rule<Situation> {
    static final LockOrderInversionRule DEFAULT = new LockOrderInversionRule();

    @Override
    public Kind kind() {
        return Kind.LOCK_ORDER_INVERSION;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        List<Finding> found = findAll(all);
        return found.isEmpty() ? Verdict.CLEAR : new Verdict.Found(found.get(0));
    }

    /** Orders are reported once each, so all that is kept counts, not only the range. */
    List<Finding> findAll(Situation all) {
        List<Fact.LockOrderSeen> orders = all.session().orders(all.session().kept());
        Map<String, Finding> found = new LinkedHashMap<>();
        for (int i = 0; i < orders.size(); i++) {
            for (int j = i + 1; j < orders.size(); j++) {
                Fact.LockOrderSeen one = orders.get(i);
                Fact.LockOrderSeen other = orders.get(j);
                if (inverted(one, other)) {
                    Finding finding = finding(one, other, all);
                    found.putIfAbsent(finding.id(), finding);
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static boolean inverted(Fact.LockOrderSeen one, Fact.LockOrderSeen other) {
        boolean crossed = one.held().equals(other.wanted())
                && one.wanted().equals(other.held())
                && !one.held().equals(one.wanted());
        return crossed
                && !one.tried()
                && !other.tried()
                && one.thread().id() != other.thread().id()
                && gate(one, other).isEmpty();
    }

    /** A lock other than the two that both hold meanwhile. */
    private static Optional<String> gate(Fact.LockOrderSeen one, Fact.LockOrderSeen other) {
        return one.gates().stream()
                .filter(other.gates()::contains)
                .filter(gate -> !gate.equals(one.held().identity())
                        && !gate.equals(one.wanted().identity()))
                .findFirst();
    }

    private static Finding finding(Fact.LockOrderSeen one, Fact.LockOrderSeen other, Situation all) {
        List<Place> where = new ArrayList<>();
        Optional<Frame> first = one.stack().site();
        Optional<Frame> second = other.stack().site();
        first.ifPresent(frame -> where.add(new Place("first", frame, one.stack())));
        second.ifPresent(frame -> where.add(new Place("second", frame, other.stack())));
        String a = Words.simple(one.held().className());
        String b = Words.simple(one.wanted().className());
        String at1 = Words.place(first.orElse(null));
        String at2 = Words.place(second.orElse(null));
        Text text = new Text(
                "%s takes %s then %s, %s takes them the other way round: they can deadlock."
                        .formatted(one.thread().label(), a, b, other.thread().label()),
                "%s holds the lock taken at %s and asks for the second at %s; %s holds the one taken at %s and asks at %s."
                        .formatted(
                                one.thread().label(),
                                one.heldAt(),
                                at1,
                                other.thread().label(),
                                other.heldAt(),
                                at2),
                "Nothing is lost yet. If both come to their second lock at the same time, both stop for ever.",
                "Take the two locks in the same order at " + at1 + " and at " + at2 + ".",
                "With one order no cycle can form.",
                "Exact: both nestings were seen on the same two objects, by two threads, with no other lock around both.",
                "One nesting in each direction.");
        List<String> places = new ArrayList<>(List.of(at1, at2));
        places.sort(null);
        Subject subject = new Subject(
                "lock", one.held().className(), a + " and " + b, one.held().identity(), "");
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("firstHeldAt", one.heldAt());
        evidence.put("secondHeldAt", other.heldAt());
        return new Finding.LockOrderInversion(new Details(
                String.join("|", places),
                all.range(),
                subject,
                text,
                new Impact(0, 2),
                where,
                List.of(one.thread().label(), other.thread().label()),
                evidence,
                List.of()));
    }
}
