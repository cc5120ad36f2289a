// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact.LockOrderSeen;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is said of a circle of nestings. */
final class OrderWords {
    private final List<LockOrderSeen> circle;
    /** By identity. */
    private final Map<String, String> names = new LinkedHashMap<>();

    /** @param named what the code calls a lock */
    OrderWords(List<LockOrderSeen> circle, Function<LockRef, String> named) {
        this.circle = circle;
        List<String> all =
                circle.stream().map(order -> named.apply(order.held())).toList();
        for (LockOrderSeen order : circle) {
            String name = named.apply(order.held());
            boolean alone = Collections.frequency(all, name) == 1;
            names.put(order.held().identity(), alone ? name : apart(order.held(), name));
        }
    }

    private static String apart(LockRef lock, String name) {
        return name.contains(" or ")
                ? "%s@%s (%s)".formatted(Words.simple(lock.className()), lock.identity(), name)
                : name + "@" + lock.identity();
    }

    /** Of the locks in their order, joined. */
    String locks() {
        return String.join(" and ", names.values());
    }

    /** Without a full stop. */
    String title() {
        List<String> threads =
                circle.stream().map(order -> order.thread().label()).toList();
        LockOrderSeen one = circle.get(0);
        return circle.size() == 2
                ? "%s takes %s then %s, %s takes them the other way round: they can deadlock"
                        .formatted(threads.get(0), held(one), wanted(one), threads.get(1))
                : "%s take %d locks in a circle, each holds one and asks for the next: they can deadlock"
                        .formatted(list(threads), circle.size());
    }

    String nestings() {
        return circle.stream()
                .map(order -> "%s holds %s and asks for %s at %s"
                        .formatted(
                                order.thread().label(),
                                held(order)
                                        + (order.isFromWaits()
                                                ? ", for which others wait,"
                                                : ", taken at " + Words.simple(order.heldAt()) + ","),
                                wanted(order),
                                OrderCircles.place(order)))
                .collect(Collectors.joining("; "));
    }

    /** The smallest change, without a full stop. */
    String cure() {
        Set<String> at = places(OrderCircles::place);
        if (at.size() > 1) {
            return "Take the locks in the same order at " + String.join(" and at ", at);
        }
        int depth = branch();
        return depth > 0
                ? "Take the locks in the same order at %s when it is called from %s"
                        .formatted(
                                at.iterator().next(),
                                String.join(
                                        " and from ",
                                        places(order -> Words.place(own(order).get(depth)))))
                : "One place takes them in either order: at %s take first what comes first by a number that each has (an id, a position)"
                        .formatted(places(OrderWords::taken).iterator().next());
    }

    private Set<String> places(Function<LockOrderSeen, String> place) {
        return circle.stream().map(place).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Where it took the first of the two. */
    private static String taken(LockOrderSeen order) {
        return order.isFromWaits() ? OrderCircles.place(order) : Words.simple(order.heldAt());
    }

    /** Where all ask at one line: how far out the first frame is that tells them apart; 0 if none does, or they ask at several. */
    private int branch() {
        int least = circle.stream().mapToInt(order -> own(order).size()).min().orElse(0);
        for (int depth = 0; depth < least; depth++) {
            Set<Frame> frames = new HashSet<>();
            for (LockOrderSeen order : circle) {
                frames.add(own(order).get(depth));
            }
            if (frames.size() > 1) {
                return depth;
            }
        }
        return 0;
    }

    private static List<Frame> own(LockOrderSeen order) {
        List<Frame> frames = new ArrayList<>();
        for (Frame each : order.stack().frames()) {
            if (!each.isJdk()) {
                frames.add(new Frame(each.className(), each.method(), null, each.file(), each.line(), -1));
            }
        }
        return frames;
    }

    private String held(LockOrderSeen order) {
        return read(order.held()) + names.get(order.held().identity());
    }

    private String wanted(LockOrderSeen order) {
        return read(order.wanted()) + names.get(order.wanted().identity());
    }

    private static String read(LockRef lock) {
        return OrderCircles.isRead(lock) ? "the read lock of " : "";
    }

    private static String list(List<String> names) {
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
