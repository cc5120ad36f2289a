// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What woven application code calls just before an access: one volatile read while no window is armed.
 *
 * <p>The flag has to be volatile: a plain one is hoisted out of loops (measured: 0 of 2,831 traps hit in a compiled loop).
 * {@code label} is a constant of the woven class, {@code declaring.class.field descriptor}, and so the same object wherever
 * it is written; {@code use} has the bits of {@link Use}.
 *
 * <p>A boundary: the access goes on, whatever is thrown in here, but for what the initialiser of its class throws. A handler
 * writes one flag and calls nothing, because a StackOverflowError would come again.
 */
public final class Probe {
    /** 0 while nothing is armed, otherwise the number of the present tick. */
    static volatile int armed;

    /** Begins the key of what an object keeps under one name only: {@code getTotal()} and {@code setTotal(total)}. */
    public static final String PROPERTY = "\0property ";
    /** The same where the method that sets it is synchronized. */
    public static final String LOCKED_PROPERTY = "\0locked ";

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final VarHandle ARMED;

    static {
        try {
            ARMED = MethodHandles.lookup().findStaticVarHandle(Probe.class, "armed", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private Probe() {}

    /** What a handler does: the JVM links it here, for which the end of a stack has no room. */
    static void rehearse() {
        Switches.faulted = false;
    }

    /** Goes on to the next tick, unless somebody has disarmed meanwhile. */
    static void next(int now) {
        ARMED.compareAndSet(now, now == Integer.MAX_VALUE ? 1 : now + 1);
    }

    public static void field(@Nullable Object receiver, String label, int use) {
        int now = armed;
        if (now != 0 && receiver != null) {
            try {
                Armed.field(now, receiver, label, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /**
     * Before an access to a static field.
     *
     * @param owner the class named by the instruction, which inherits the field or declares it
     */
    public static void staticField(Class<?> owner, String label, int use) {
        int now = armed;
        if (now != 0) {
            Armed.staticField(now, owner, label, use);
        }
    }

    /**
     * The same for a class file of before Java 5, which cannot name a class as a constant.
     *
     * @param owner the class named by the instruction, with dots
     */
    public static void staticField(String owner, String label, int use) {
        int now = armed;
        if (now != 0 && Trap.wantsStatic(now, label, use)) {
            Class<?> named = null;
            try {
                named = named(owner, WALKER.getCallerClass());
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
            if (named != null) {
                Armed.staticField(now, named, label, use);
            }
        }
    }

    /** As the instruction resolves it; null if it will fail to. */
    private static @Nullable Class<?> named(String owner, Class<?> caller) {
        try {
            return Class.forName(owner, false, caller.getClassLoader());
        } catch (ClassNotFoundException | LinkageError missing) {
            return null;
        }
    }

    public static void element(@Nullable Object array, int index, int use) {
        int now = armed;
        if (now != 0 && array != null) {
            try {
                Armed.element(now, array, index, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** A call on something that may be of a class that is not thread-safe. */
    public static void call(@Nullable Object receiver, String method, int use) {
        int now = armed;
        if (now != 0 && receiver != null) {
            try {
                Armed.call(now, receiver, method, method, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /**
     * A call by a method reference.
     *
     * @param told the method with the place of the reference, by which the call is known
     */
    public static void reference(@Nullable Object receiver, String method, String told, int use) {
        int now = armed;
        if (now != 0 && receiver != null) {
            try {
                Armed.call(now, receiver, method, told, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** A call of the superclass's own method, whatever the class of the object has made of it. */
    public static void superCall(@Nullable Object receiver, String method, int use) {
        int now = armed;
        if (now != 0 && receiver != null) {
            try {
                Armed.superCall(now, receiver, method, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /** A call on something that is not to be shared, whatever its class: a connection to a database. */
    public static void unshared(@Nullable Object receiver, String method, int use) {
        int now = armed;
        if (now != 0 && receiver != null) {
            try {
                Armed.unshared(now, receiver, method, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /**
     * Before the second of two steps: a change that depends on a look at the same before.
     *
     * @param whole an object with a volatile field, or something that orders each call
     * @param key the entry that is changed, null for any; else null
     */
    public static void step(@Nullable Object whole, @Nullable Object key, String label, int use) {
        int now = armed;
        if (now != 0 && whole != null) {
            try {
                Armed.step(now, whole, key, label, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /**
     * The same of an object that may keep values by key, as an attribute of a session.
     *
     * @param value what is put
     */
    public static void store(
            @Nullable Object whole, @Nullable Object key, @Nullable Object value, String label, int use) {
        int now = armed;
        if (now != 0 && whole != null && key != null && value != null) {
            try {
                Armed.store(now, whole, key, value, label, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }

    /**
     * What a method of the class uses: null while nothing is armed, or if another class may have its own method of that name.
     *
     * @param part what is in the field that the method uses
     */
    public static @Nullable Object part(@Nullable Object whole, @Nullable Object part, Class<?> type) {
        return armed != 0 && whole != null && whole.getClass() == type ? part : null;
    }

    /** What {@code System.setProperty} changes; null while nothing is armed, or if a security manager keeps it. */
    public static @Nullable Object properties() {
        try {
            return armed == 0 ? null : System.getProperties();
        } catch (SecurityException kept) {
            return null;
        } catch (Throwable fault) {
            Switches.faulted = true;
            return null;
        }
    }

    /**
     * Before a call that does nothing but use its argument: a copy, a sum, a sort.
     *
     * @param receiver null for a constructor or a static method; one that locks itself could order the use of the argument
     */
    public static void argument(@Nullable Object receiver, @Nullable Object argument, String method, int use) {
        int now = armed;
        if (now != 0 && argument != null) {
            try {
                Armed.argument(now, receiver, argument, method, use);
            } catch (Throwable fault) {
                Switches.faulted = true;
            }
        }
    }
}
