// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Loops that use, wait for or check a field, and keys that are made anew; only read by a test. */
@SuppressWarnings({"unused", "UnusedMethod", "UnusedVariable"})
final class LoopSamples {
    private volatile int turn;
    private int left;
    private boolean open;
    private final ConcurrentHashMap<String, Boolean> flags = new ConcurrentHashMap<>();
    private final boolean[] done = new boolean[4];
    private final ConcurrentHashMap<Object, Integer> counts = new ConcurrentHashMap<>();

    record Key(String user, int day) {}

    interface Order {
        String getId();

        String getNextId();
    }

    void sets(int value) {
        left = value;
    }

    boolean sells() {
        if (left > 0) {
            left = left - 1;
            return true;
        }
        return false;
    }

    void looksOnBothWays(boolean wanted) {
        if (left > 0) {
            sets(2);
        } else {
            sets(1);
        }
        left = wanted ? 1 : 2;
    }

    void turns() {
        open = !open;
    }

    void turnsInMap(String name) {
        flags.put(name, !flags.get(name));
    }

    int usesInALoop() {
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += left;
        }
        return sum;
    }

    void waitsInALoop() {
        while (left > 0) {
            Thread.onSpinWait();
        }
    }

    void waitsForAnElement() {
        while (!done[1]) {
            Thread.onSpinWait();
        }
    }

    void leavesALoop() {
        for (; ; ) {
            sets(3);
            if (left == 0) {
                return;
            }
        }
    }

    void leavesALoopAtItsBegin() {
        for (; ; ) {
            if (left == 0) {
                return;
            }
            sets(3);
        }
    }

    int looksAThirdTime() {
        int before = left;
        int seen = left;
        return before == left ? seen : 0;
    }

    int readsBetweenTwoLooks() {
        int before;
        int seen;
        do {
            before = turn;
            seen = left;
        } while (before != turn);
        return seen;
    }

    int looksTwice() {
        return left == left ? 1 : 0;
    }

    void countsByRecord(String user, int day) {
        Integer old = counts.get(new Key(user, day));
        counts.put(new Key(user, day), old == null ? 1 : old + 1);
    }

    void countsByComputed(int day) {
        Integer old = counts.get(day % 7);
        counts.put(day % 7, old == null ? 1 : old + 1);
    }

    void countsByText(int id) {
        Integer old = counts.get("u" + id);
        counts.put("u" + id, old == null ? 1 : old + 1);
    }

    void countsByComponent(Key key) {
        Integer old = counts.get(key.user());
        counts.put(key.user(), old == null ? 1 : old + 1);
    }

    void countsByGetter(Map.Entry<String, Integer> entry) {
        if (counts.get(entry.getKey()) == null) {
            counts.put(entry.getKey(), 1);
        }
    }

    void countsByBean(Order order) {
        Integer old = counts.get(order.getId());
        counts.put(order.getId(), old == null ? 1 : old + 1);
    }

    void countsByNext(Order order) {
        Integer old = counts.get(order.getNextId());
        counts.put(order.getNextId(), old == null ? 1 : old + 1);
    }

    void countsAnother(String user, int day) {
        Integer old = counts.get(new Key(user, day));
        counts.put(new Key(user, day + 1), old == null ? 1 : old + 1);
    }

    void countsTheNext(java.util.Iterator<String> names) {
        Integer old = counts.get(names.next());
        counts.put(names.next(), old == null ? 1 : old + 1);
    }

    void countsByMethod(LoopSamples other) {
        Integer old = counts.get(other.usesInALoop());
        counts.put(other.usesInALoop(), old == null ? 1 : old + 1);
    }
}
