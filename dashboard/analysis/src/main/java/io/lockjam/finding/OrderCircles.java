// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact.LockOrderSeen;
import io.lockjam.model.LockRef;
import io.lockjam.model.ThreadRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** The circles that nestings of locks close, the shortest first; one for the same set of places. */
final class OrderCircles {
    /** The number of ways to look through grows with each step. */
    private static final int LONGEST = 8;

    private static final int MOST_STEPS = 200_000;
    private static final int MOST_CIRCLES = 200;
    private static final String READER = "$ReadLock";

    private final Map<String, List<LockOrderSeen>> byHeld;
    private final BiPredicate<ThreadRef, ThreadRef> parted;
    private final Map<String, Boolean> known = new HashMap<>();
    private final Map<Set<String>, List<LockOrderSeen>> circles = new LinkedHashMap<>();
    private int steps;

    private OrderCircles(List<LockOrderSeen> orders, BiPredicate<ThreadRef, ThreadRef> parted) {
        this.parted = parted;
        byHeld = orders.stream()
                .collect(Collectors.groupingBy(
                        order -> order.held().identity(), LinkedHashMap::new, Collectors.toList()));
    }

    /** @param parted whether threads like these two never live at one time */
    static List<List<LockOrderSeen>> of(List<LockOrderSeen> orders, BiPredicate<ThreadRef, ThreadRef> parted) {
        List<LockOrderSeen> left = onCircles(orders);
        OrderCircles search = new OrderCircles(left, parted);
        int longest = Math.min(LONGEST, search.byHeld.size());
        for (int length = 2; length <= longest; length++) { // the shortest first: it is what a longer one is made of
            for (LockOrderSeen order : left) {
                search.close(List.of(order), length);
            }
        }
        return List.copyOf(search.circles.values());
    }

    /** Without those whose locks nobody takes before, or nobody takes others after: most programs have no other ones. */
    private static List<LockOrderSeen> onCircles(List<LockOrderSeen> orders) {
        List<LockOrderSeen> left = orders;
        for (int before = -1; before != left.size(); ) {
            before = left.size();
            Set<String> held =
                    left.stream().map(order -> order.held().identity()).collect(Collectors.toSet());
            Set<String> wanted =
                    left.stream().map(order -> order.wanted().identity()).collect(Collectors.toSet());
            left = left.stream()
                    .filter(order -> wanted.contains(order.held().identity())
                            && held.contains(order.wanted().identity()))
                    .toList();
        }
        return left;
    }

    private void close(List<LockOrderSeen> way, int length) {
        LockOrderSeen last = way.get(way.size() - 1);
        LockOrderSeen first = way.get(0);
        if (circles.size() >= MOST_CIRCLES || ++steps > MOST_STEPS) {
            return;
        }
        if (way.size() == length) {
            if (meet(last, first)) {
                circles.putIfAbsent(places(way), way);
            }
            return;
        }
        for (LockOrderSeen next : byHeld.getOrDefault(last.wanted().identity(), List.of())) {
            boolean back = next.wanted().identity().equals(first.held().identity());
            boolean closes = way.size() + 1 == length;
            if (back == closes && meet(last, next) && way.stream().allMatch(each -> apart(each, next))) {
                List<LockOrderSeen> more = new ArrayList<>(way);
                more.add(next);
                close(more, length);
            }
        }
    }

    /** Whether one waits for what the other holds: two readers do not. */
    private static boolean meet(LockOrderSeen wants, LockOrderSeen holds) {
        LockRef wanted = wants.wanted();
        LockRef held = holds.held();
        return wanted.identity().equals(held.identity())
                && !wanted.identity().equals(LockRef.UNKNOWN_IDENTITY)
                && !(isRead(wanted) && isRead(held));
    }

    static boolean isRead(LockRef lock) {
        return lock.className().endsWith(READER);
    }

    /** Different threads that may live at one time, different locks, and no lock that both hold. */
    private boolean apart(LockOrderSeen one, LockOrderSeen other) {
        return one.thread().id() != other.thread().id()
                && !one.held().identity().equals(other.held().identity())
                && one.gates().stream().noneMatch(other.gates()::contains)
                && !isParted(one.thread(), other.thread());
    }

    private boolean isParted(ThreadRef one, ThreadRef other) {
        return known.computeIfAbsent(one.group() + "\n" + other.group(), any -> parted.test(one, other));
    }

    private static Set<String> places(List<LockOrderSeen> circle) {
        return circle.stream().map(OrderCircles::place).collect(Collectors.toCollection(TreeSet::new));
    }

    static String place(LockOrderSeen order) {
        return Words.place(order.stack().site().orElse(null));
    }
}
