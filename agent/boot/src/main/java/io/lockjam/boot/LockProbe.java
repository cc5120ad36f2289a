// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * What woven application code calls around the locks it takes, to record in which order they are nested. A boundary, as {@link Probe}.
 */
public final class LockProbe {
    static volatile boolean armed;

    private LockProbe() {}

    /** What a handler does: the JVM links it here, for which the end of a stack has no room. */
    static void rehearse() {
        Switches.faulted = false;
    }

    /**
     * Before a synchronized block, or at the begin of a synchronized method.
     *
     * @param site {@code class.method(file:line)}, a constant of the woven class
     */
    public static void monitor(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            try {
                Armed.monitor(lock, site);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** Before a call that takes a lock or a permit of java.util.concurrent; others that look like one are left out. */
    public static void lock(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            try {
                Armed.lock(lock, site);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** After a call that says whether the thread has passed what keeps others out: a semaphore, a flag that was not set. */
    public static void passed(boolean passed, @Nullable Object gate) {
        if (armed && passed && gate != null) {
            try {
                Armed.entered(gate);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** Before a call that tries to take a lock. */
    public static void tryLock(@Nullable Object lock, String site) {
        if (armed && lock != null) {
            try {
                Armed.tryLock(lock, site);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** Before a call that may lock its receiver and, within that, its argument. */
    public static void nest(@Nullable Object receiver, @Nullable Object argument, String method, String site) {
        if (armed && receiver != null && argument != null && receiver != argument) {
            try {
                Armed.nest(receiver, argument, method, site);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** After a lock has been made: until its maker has had it once, nobody else can hold it, as a rule. */
    public static void made(@Nullable Object lock) {
        if (armed && lock != null) {
            try {
                Armed.made(lock);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** Before a release. */
    public static void release(@Nullable Object lock) {
        if (armed && lock != null) {
            try {
                Armed.released(lock);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }
}
