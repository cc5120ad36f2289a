// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * What woven code calls around everything that may order threads, in a test run that predicts races.
 *
 * <p>A boundary: what is thrown in here goes no further, and nothing is predicted from then on, since some order may be
 * missed. A handler writes one flag and calls nothing, because a StackOverflowError would come again.
 */
public final class Order {
    private Order() {}

    /** What a handler does: the JVM links it here, for which the end of a stack has no room. */
    static void rehearse() {
        HappensBefore.failed = false;
    }

    /** At the begin of a method; what it returns has to be given back at its end. */
    public static @Nullable Object enter() {
        try {
            if (HappensBefore.on()) {
                return HappensBefore.enter();
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return null;
    }

    /** At the begin of a static method, and of a constructor after that of its superclass. */
    public static @Nullable Object enter(Class<?> owner) {
        try {
            if (HappensBefore.on()) {
                return HappensBefore.enter(owner);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return null;
    }

    /** At the end of a method that returns. */
    public static void exit(@Nullable Object entry) {
        if (entry instanceof HappensBefore.Entry known) {
            try {
                HappensBefore.exit(known);
            } catch (Throwable fault) {
                HappensBefore.failed = true;
            }
        }
    }

    /** At the end of a method that throws: monitors that it leaves so are given back without more ado. */
    public static void thrown(@Nullable Object entry) {
        try {
            if (HappensBefore.on()) {
                HappensBefore.thrown();
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        exit(entry);
    }

    /** Where an exception is caught: what threw it may have acquired anything. */
    public static void caught() {
        try {
            if (HappensBefore.on()) {
                HappensBefore.caught();
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** After a monitor has been entered, or a volatile field of the object been read. */
    public static void acquire(@Nullable Object object) {
        try {
            if (HappensBefore.on() && object != null) {
                HappensBefore.acquire(object);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** Before a monitor is left, or a volatile field of the object is written. */
    public static void release(@Nullable Object object) {
        try {
            if (HappensBefore.on() && object != null) {
                HappensBefore.release(object);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** Before a monitor is left that cannot be told. */
    public static void release() {
        try {
            if (HappensBefore.on()) {
                HappensBefore.release();
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** At the end of a class initialiser. */
    public static void initialised(Class<?> type) {
        try {
            if (HappensBefore.on()) {
                HappensBefore.begin(type);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** After a field of an initialised class has been read, or its class has been seen to be initialised. */
    public static void used(Class<?> type) {
        try {
            if (HappensBefore.on()) {
                HappensBefore.used(type);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** An object or array was made. */
    public static void made(@Nullable Object object) {
        try {
            if (HappensBefore.on() && object != null) {
                HappensBefore.made(object);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** A function was made whose body is not woven: a reference to somebody else's method. */
    public static void foreign(@Nullable Object function) {
        try {
            if (HappensBefore.on() && function != null) {
                CallKind.foreign(function.getClass());
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
    }

    /** Before a call on an object; null if the call orders nothing. */
    public static @Nullable Crossing leave(@Nullable Object receiver) {
        try {
            if (HappensBefore.on() && receiver != null) {
                return HappensBefore.leave(receiver);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return null;
    }

    /** Before Object.wait. */
    public static @Nullable Crossing leaveMonitor(@Nullable Object monitor) {
        try {
            if (HappensBefore.on() && monitor != null) {
                return new Crossing(CallKind.OWN_CLOCK, monitor);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return null;
    }

    /** Before a call of a static method, or of a constructor, that may order anything. */
    public static @Nullable Crossing leave() {
        try {
            if (HappensBefore.on()) {
                return new Crossing(CallKind.UNKNOWN, null);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return null;
    }

    /** Before a call of a static method that takes a task. */
    public static @Nullable Crossing leaveTask() {
        try {
            if (HappensBefore.on()) {
                return new Crossing(CallKind.TASKS, null);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return null;
    }

    /** An argument of the call that is about to be made. */
    public static @Nullable Crossing with(@Nullable Crossing call, @Nullable Object argument) {
        try {
            if (HappensBefore.on() && argument != null) {
                return HappensBefore.with(call, argument);
            }
        } catch (Throwable fault) {
            HappensBefore.failed = true;
        }
        return call;
    }

    /** The call is made next. */
    public static void go(@Nullable Crossing call) {
        if (call != null) {
            try {
                HappensBefore.go(call);
            } catch (Throwable fault) {
                HappensBefore.failed = true;
            }
        }
    }

    /** Thread.start is called next, if it is a thread. */
    public static void goStart(@Nullable Crossing call, @Nullable Object receiver) {
        if (call != null && receiver instanceof Thread) {
            try {
                HappensBefore.begin(receiver);
            } catch (Throwable fault) {
                HappensBefore.failed = true;
            }
        }
        go(call);
    }

    /** The call has returned. */
    public static void back(@Nullable Crossing call) {
        if (call != null) {
            try {
                HappensBefore.back(call);
            } catch (Throwable fault) {
                HappensBefore.failed = true;
            }
        }
    }

    /** What begins a thread or a task has returned: it may have ended since, and is not ordered before what follows. */
    public static void backStart(@Nullable Crossing call) {
        if (call != null) {
            try {
                HappensBefore.backStart(call);
            } catch (Throwable fault) {
                HappensBefore.failed = true;
            }
        }
    }

    /** What a call has returned: others that called it may have it, too. */
    public static void result(@Nullable Crossing call, @Nullable Object result) {
        if (call != null && result != null) {
            try {
                Crossing.escape(result);
            } catch (Throwable fault) {
                HappensBefore.failed = true;
            }
        }
    }
}
