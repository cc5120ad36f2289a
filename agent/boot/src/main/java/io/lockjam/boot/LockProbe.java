// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What woven application code calls around the locks it takes, to record in which order they are nested. */
public final class LockProbe {
    static volatile boolean armed;

    private LockProbe() {}

    /**
     * Before a synchronized block, or at the begin of a synchronized method.
     *
     * @param site {@code class.method(file:line)}, a constant of the woven class
     */
    public static void monitor(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            wanted(lock, site, false);
        }
    }

    /** Before a call that takes a lock or a permit of java.util.concurrent; others that look like one are left out. */
    public static void lock(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            if (Locks.isKnown(lock)) {
                wanted(lock, site, false);
            } else if (lock instanceof Semaphore) {
                entered(lock);
            }
        }
    }

    /** After a call that says whether the thread has passed what keeps others out: a semaphore, a flag that was not set. */
    public static void passed(boolean passed, @Nullable Object gate) {
        if (armed && passed && gate != null) {
            entered(gate);
        }
    }

    /** Before a call that tries to take a lock. */
    public static void tryLock(@Nullable Object lock, String site) {
        if (armed && lock != null && Locks.isKnown(lock)) {
            wanted(lock, site, true);
        }
    }

    /** Before a call that may lock its receiver and, within that, its argument. */
    public static void nest(@Nullable Object receiver, @Nullable Object argument, String method, String site) {
        if (armed && receiver != null && argument != null && receiver != argument) {
            both(receiver, argument, method, site);
        }
    }

    private static void both(Object receiver, Object argument, String method, String site) {
        try {
            Object outer = SelfLocking.nests(receiver, method) ? SelfLocking.lock(receiver) : null;
            Object inner = outer == null ? null : SelfLocking.lock(argument);
            if (outer != null && inner != null && outer != inner) {
                HeldLocks.Held held = HeldLocks.of(Thread.currentThread());
                LockOrders.both(held, outer, inner, site);
            }
        } catch (Throwable fault) { // a boundary: the call is made all the same
            Switches.fault();
        }
    }

    /** After a lock has been made: until its maker has had it once, nobody else can hold it, as a rule. */
    public static void made(@Nullable Object lock) {
        if (armed && lock != null) {
            remember(lock);
        }
    }

    /** Before a release. */
    public static void release(@Nullable Object lock) {
        if (armed && lock != null) {
            released(lock);
        }
    }

    /** Remembers the lock as held before it is: until it is, the thread does nothing that would ask. */
    private static void wanted(Object lock, String site, boolean tried) {
        try {
            HeldLocks.Held held = mine();
            if (held == null) {
                return;
            }
            if (!held.takeMade(lock) && held.depth > 0) {
                LockOrders.nested(held, lock, site, tried);
            }
            held.push(lock, site);
        } catch (Throwable fault) { // a boundary: the lock is taken all the same
            Switches.fault();
        }
    }

    private static void entered(Object gate) {
        try {
            HeldLocks.Held held = mine();
            if (held != null) {
                held.gate = gate;
            }
        } catch (Throwable fault) { // a boundary: it is taken all the same
            Switches.fault();
        }
    }

    private static void remember(Object lock) {
        try {
            HeldLocks.Held held = mine();
            if (held != null) {
                held.made(lock);
            }
        } catch (Throwable fault) { // a boundary: the lock is made all the same
            Switches.fault();
        }
    }

    /** Null if there is no room for this thread. */
    private static HeldLocks.@Nullable Held mine() {
        Thread me = Thread.currentThread();
        HeldLocks.Held held = HeldLocks.of(me);
        return held == null ? HeldLocks.create(me) : held;
    }

    private static void released(Object lock) {
        try {
            HeldLocks.Held held = HeldLocks.of(Thread.currentThread());
            if (held != null) {
                held.remove(lock);
            }
        } catch (Throwable fault) { // a boundary: the lock is released all the same
            Switches.fault();
        }
    }
}
