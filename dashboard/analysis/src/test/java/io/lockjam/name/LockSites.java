// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;

/** The ways in which code takes a lock from somewhere: the fixture of {@link LockNamerTest}. */
class LockSites extends LockSitesParent {
    static final Probe SHARED = new Probe();
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Probe[].class);
    final Probe lock = new Probe();
    private final Resource resource = new Resource();
    private final Probe[] stripes = {new Probe(), new Probe()};
    private final List<Probe> stripesAsList = List.of(stripes);
    private final AtomicReference<Probe> holder = new AtomicReference<>(lock);
    private final Map<String, Probe> byName = new ConcurrentHashMap<>(Map.of("a", new Probe()));

    void field() {
        lock.lock();
    }

    void resource() {
        resource.obtain();
    }

    synchronized void enters() {
        synchronized (stripesAsList) {
            System.identityHashCode(stripesAsList);
        }
    }

    void staticField() {
        SHARED.lock();
    }

    void inherited() {
        parent.lock();
    }

    void local() {
        Lock own = lock;
        System.identityHashCode(own);
        own.lock();
    }

    void result() {
        made().lock();
    }

    void element() {
        stripes[1].lock();
    }

    void elementByHandle() {
        ((Probe) ELEMENT.getAcquire(stripes, 1)).lock();
    }

    void elementByHelper() {
        at(stripes, 1).lock();
    }

    private static Probe at(Probe[] all, int index) {
        return (Probe) ELEMENT.getAcquire(all, index);
    }

    void mapped() {
        Objects.requireNonNull(byName.get("a")).lock();
    }

    void parameter() {
        two(5L, lock);
    }

    void lambda() {
        Lock own = lock;
        Runnable task = () -> own.lock();
        task.run();
    }

    void nestedLambda() {
        Lock own = lock;
        Runnable task = () -> List.of(1).forEach(each -> own.lock());
        task.run();
    }

    void reference() {
        Runnable task = lock::lock;
        task.run();
    }

    void either(boolean first) {
        (first ? lock : SHARED).lock();
    }

    void fresh() {
        new Probe().lock();
    }

    void variable() {
        Probe mine = new Probe();
        mine.lock();
    }

    void variableElement() {
        List<Probe> all = new ArrayList<>();
        all.add(lock);
        all.get(0).lock();
    }

    void eachOf() {
        for (Probe each : byName.values()) {
            each.lock();
        }
    }

    void iterated() {
        for (Probe each : stripesAsList) {
            each.lock();
        }
    }

    void held() {
        Objects.requireNonNull(holder.get()).lock();
    }

    void accessor() {
        new Guarded(lock).guard().lock();
    }

    void overridable() {
        given().lock();
    }

    void twoOnALine() {
        two(lock.lock(1), SHARED.lock(2));
    }

    void anonymousClass() {
        Lock own = lock;
        new Runnable() {
            @Override
            public void run() {
                own.lock();
            }
        }.run();
    }

    void enclosing() {
        new Inner().run();
    }

    void acrossTryAndFinally() {
        Lock own = lock;
        try {
            System.identityHashCode(own);
        } finally {
            own.lock();
        }
    }

    void outOfThree(int which) {
        (which == 0 ? lock : which == 1 ? SHARED : parent).lock();
    }

    /** A class within. */
    final class Inner {
        void run() {
            lock.lock();
        }
    }

    /** A lock in a record. */
    record Guarded(Probe guard) {}

    Probe given() {
        return lock;
    }

    private Probe made() {
        return lock;
    }

    private static void two(int first, int second) {
        System.identityHashCode(first + second);
    }

    private static void two(long number, Lock given) {
        one(given, number);
    }

    private static void one(Lock given, long number) {
        System.identityHashCode(number);
        given.lock();
    }

    void constant() {
        synchronized ("orders") {
            SHARED.lock();
        }
    }

    /** A lock with a method of its own, as a driver makes for try-with-resources. */
    static final class Resource extends Probe {
        private static final long serialVersionUID = 1L;

        void obtain() {
            lock();
        }
    }
}
