// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

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
            Armed.monitor(lock, site);
        }
    }

    /** Before a call that takes a lock or a permit of java.util.concurrent; others that look like one are left out. */
    public static void lock(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            Armed.lock(lock, site);
        }
    }

    /** After a call that says whether the thread has passed what keeps others out: a semaphore, a flag that was not set. */
    public static void passed(boolean passed, @Nullable Object gate) {
        if (armed && passed && gate != null) {
            Armed.entered(gate);
        }
    }

    /** Before a call that tries to take a lock. */
    public static void tryLock(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            Armed.tryLock(lock, site);
        }
    }

    /** Before a call that may lock its receiver and, within that, its argument. */
    public static void nest(@Nullable Object receiver, @Nullable Object argument, String method, String site) {
        if (armed && receiver != null && argument != null && receiver != argument) {
            Armed.nest(receiver, argument, method, site);
        }
    }

    /** After a lock has been made: until its maker has had it once, nobody else can hold it, as a rule. */
    public static void made(@Nullable Object lock) {
        if (armed && lock != null) {
            Armed.made(lock);
        }
    }

    /** Before a release. */
    public static void release(@Nullable Object lock) {
        if (armed && lock != null) {
            Armed.released(lock);
        }
    }
}
