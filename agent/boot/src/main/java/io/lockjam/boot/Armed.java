// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What the probes of woven code call while a window is armed.
 *
 * <p>Nobody throws it. The compiler does not inline what a Throwable has into the code of others ("exception method" in HotSpot's {@code
 * bytecodeInfo.cpp}): so an access costs a compiled method a call, not all of our code, and a window that is armed finds no
 * code that was compiled in the belief that it never would be.
 */
final class Armed extends Throwable {
    private static final long serialVersionUID = 1;

    private Armed() {}

    static void field(int now, Object receiver, String label, int use) {
        Trap.meet(now, receiver, label, 0, use);
    }

    static void staticField(int now, Class<?> owner, String label, int use) {
        Trap.meetStatic(now, owner, label, use);
    }

    static void element(int now, Object array, int index, int use) {
        Trap.meet(now, array, null, index, use);
    }

    /** @param told by which name the call is known */
    static void call(int now, Object receiver, String method, String told, int use) {
        call(now, receiver, UnsafeTypes.of(receiver.getClass(), method), method, told, use);
    }

    static void superCall(int now, Object receiver, String method, int use) {
        call(now, receiver, UnsafeTypes.inherited(receiver.getClass()), method, method, use);
    }

    static void unshared(int now, Object receiver, String method, int use) {
        Trap.meetCall(now, receiver, null, method, use);
    }

    static void step(int now, Object whole, @Nullable Object key, String label, int use) {
        if (Use.has(use, Use.ORDERED) || Steps.ordersCalls(whole)) {
            Trap.meetStep(now, whole, key, label, use);
        }
    }

    static void store(int now, Object whole, Object key, Object value, String label, int use) {
        if (Stores.mayBe(whole)) {
            Stores.put(whole, key, value);
            Trap.meetStep(now, whole, key, value, label, use);
        }
    }

    static void argument(int now, @Nullable Object receiver, Object argument, String method, int use) {
        if (receiver == null || !UnsafeTypes.locksItself(receiver.getClass())) {
            call(now, argument, UnsafeTypes.exactly(argument.getClass()), method, method, use);
        }
    }

    private static void call(
            int now, Object receiver, UnsafeTypes.@Nullable Type type, String method, String told, int use) {
        if (type == null) {
            return;
        }
        Object container = type.container(receiver);
        if (Use.has(use, Use.STEPS)) {
            Trap.meetCall(now, receiver, null, told, use | Use.WRITES);
        }
        if (container != null) {
            Trap.meetCall(now, container, type.guard(receiver), told, type.use(receiver, method, use));
        }
    }

    /** A lock or a permit of java.util.concurrent; others that look like one are left out. */
    static void lock(Object lock, String site) {
        if (Locks.isKnown(lock)) {
            wanted(lock, site, false);
        } else if (lock instanceof Semaphore) {
            entered(lock);
        }
    }

    static void tryLock(Object lock, String site) {
        if (Locks.isKnown(lock)) {
            wanted(lock, site, true);
        }
    }

    static void monitor(Object lock, String site) {
        wanted(lock, site, false);
    }

    static void nest(Object receiver, Object argument, String method, String site) {
        Object outer = SelfLocking.nests(receiver, method) ? SelfLocking.lock(receiver) : null;
        Object inner = outer == null ? null : SelfLocking.lock(argument);
        if (outer != null && inner != null && outer != inner) {
            HeldLocks.Held held = HeldLocks.of(Thread.currentThread());
            LockOrders.both(held, outer, inner, site);
        }
    }

    /** Remembers the lock as held before it is: until it is, the thread does nothing that would ask. */
    private static void wanted(Object lock, String site, boolean tried) {
        HeldLocks.Held held = mine();
        if (held == null) {
            return;
        }
        if (!held.takeMade(lock) && held.depth > 0) {
            LockOrders.nested(held, lock, site, tried);
        }
        held.push(lock, site);
    }

    static void entered(Object gate) {
        HeldLocks.Held held = mine();
        if (held != null) {
            held.gate = gate;
        }
    }

    static void made(Object lock) {
        HeldLocks.Held held = mine();
        if (held != null) {
            held.made(lock);
        }
    }

    static void released(Object lock) {
        HeldLocks.Held held = HeldLocks.of(Thread.currentThread());
        if (held != null) {
            held.remove(lock);
        }
    }

    /** Null if there is no room for this thread. */
    private static HeldLocks.@Nullable Held mine() {
        Thread me = Thread.currentThread();
        HeldLocks.Held held = HeldLocks.of(me);
        return held == null ? HeldLocks.create(me) : held;
    }
}
