// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Makes every path of the probes run once on objects of our own before the application meets one. */
final class TrapRehearsal {
    private TrapRehearsal() {}

    static void run() {
        LockOrders.events(false);
        Traps.arm();
        Trap.BUDGET.tick();
        Probe.rehearse();
        LockProbe.rehearse();
        try {
            Object target = new Object();
            Probe.field(target, "rehearsal I", 1);
            Probe.staticField(TrapRehearsal.class, "io.lockjam.boot.TrapRehearsal.ours I", 2 | Use.WRITES);
            Probe.staticField("io.lockjam.boot.TrapRehearsal", "io.lockjam.boot.TrapRehearsal.mine I", 9);
            Probe.element(new int[1], 0, 3);
            Map<Object, Object> map = new HashMap<>();
            Probe.call(map, "Map.put", 4 | Use.WRITES);
            Probe.call(map.entrySet().iterator(), "Iterator.next", 5 | Use.STEPS);
            Probe.call(new Derived(), "Map.put", 6 | Use.WRITES);
            UnsafeTypes.learn();
            Probe.call(new Derived(), "Map.get", 6);
            Probe.superCall(new Derived(), "HashMap.put", 6 | Use.WRITES);
            Probe.call(Collections.synchronizedMap(map), "Map.put", 8 | Use.WRITES);
            References.put(map, "Map.put", "Map.put@rehearsal", 13 | Use.WRITES, "a", "b");
            Probe.argument(new ArrayList<>(), map.values(), "List.addAll(it)", 10);
            Probe.unshared(target, "Connection.commit", 7 | Use.WRITES);
            Probe.step(target, null, "rehearsal Z", 11 | Use.WRITES | Use.ORDERED);
            Probe.step(new ConcurrentHashMap<>(), "a", "Map.put-after-Map.get", 12 | Use.WRITES);
            Probe.store(new Derived(), "a", "b", "Store.put-after-Store.get", 14 | Use.WRITES);
            Map<String, String> kept = new HashMap<>(Map.of("a", "c"));
            Stores.shows(new Shelf(kept, new ConcurrentHashMap<>(kept)), "a", "b");
            Stores.settle();
            keys();
            locks();
            race();
        } finally {
            Traps.disarm();
            while (Traps.poll() != null || Traps.pollOrder() != null) {
                Thread.onSpinWait();
            }
            LockOrders.clear();
        }
    }

    private static void keys() {
        Map<String, String> map = new HashMap<>();
        Keys.isSame(new Shelf(map, map), new Shelf(map, map));
        Keys.learn();
        Keys.isSame(new Shelf(map, map), new Shelf(map, map));
    }

    private static final class Derived extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1;
    }

    private record Shelf(Map<String, String> plain, Map<String, String> shared) {}

    private static final class Segment extends ReentrantLock {
        private static final long serialVersionUID = 1;
    }

    private static void locks() {
        ReentrantLock outer = new Segment();
        Object inner = new Object();
        LockProbe.lock(outer, "rehearsal");
        outer.lock();
        try {
            Object made = new ReentrantLock();
            LockProbe.made(made);
            LockProbe.tryLock(made, "rehearsal");
            LockProbe.monitor(inner, "rehearsal");
            synchronized (inner) {
                HeldLocks.wantedByOthers(Thread.currentThread());
                HeldLocks.names(Thread.currentThread());
                Object list = Collections.synchronizedList(new ArrayList<>());
                LockProbe.nest(list, Collections.synchronizedList(new ArrayList<>()), "addAll", "rehearsal");
            }
            LockProbe.release(inner);
        } finally {
            LockProbe.release(outer);
            outer.unlock();
        }
    }

    /** Plays both sides, with a thread that never starts as the first. */
    private static void race() {
        Thread other = new Thread("lockjam rehearsal");
        Catch staged = new Catch(other, "rehearsal I", 0, null, Use.WRITES, other);
        Trap.rehearse(staged);
        Steps.Entry entry = new Steps.Entry(other, "a", "b");
        Steps.isSame(entry, other, "b");
        Trap.rehearse(new Catch(entry, "Map.put-after-Map.get", 0, null, Use.WRITES, other));
    }
}
