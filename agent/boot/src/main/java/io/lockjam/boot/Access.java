// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Phaser;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import org.jspecify.annotations.Nullable;

/**
 * Reads private state of java.util.concurrent without calling a method that an application could have overridden.
 *
 * <p>Initialise only after the agent has opened the packages (see {@link Hooks}); a field this JDK does not have, or does
 * not let us see, is null here and its facts are absent.
 */
final class Access {
    private static final StringBuilder MISSING = new StringBuilder();

    private static final @Nullable MethodHandle OWNER =
            getter(AbstractOwnableSynchronizer.class, "exclusiveOwnerThread", Thread.class);
    private static final @Nullable MethodHandle FIRST_READER =
            getter(Types.READ_WRITE_SYNC, "firstReader", Thread.class);
    private static final @Nullable MethodHandle PHASER = getter(Types.PHASER_NODE, "phaser", Phaser.class);
    private static final @Nullable MethodHandle TRANSFERER =
            getter(SynchronousQueue.class, "transferer", Types.TRANSFERER);

    private Access() {}

    /** Names of fields that could not be reached, separated by blanks; empty if all were. */
    static String missing() {
        synchronized (MISSING) {
            return MISSING.toString();
        }
    }

    /** The thread that holds a synchroniser exclusively; null if none does or it does not say. */
    static @Nullable Thread owner(Object synchroniser) throws Throwable {
        if (OWNER == null || !(synchroniser instanceof AbstractOwnableSynchronizer)) {
            return null;
        }
        return thread(OWNER, synchroniser);
    }

    /** The first of the threads that read-hold the synchroniser of a ReentrantReadWriteLock; null if not known. */
    static @Nullable Thread firstReader(Object synchroniser) throws Throwable {
        if (FIRST_READER == null || Types.READ_WRITE_SYNC == null || !Types.READ_WRITE_SYNC.isInstance(synchroniser)) {
            return null;
        }
        return thread(FIRST_READER, synchroniser);
    }

    /** The phaser that a waiting node belongs to; the node itself if that cannot be read. */
    static Object phaser(Object node) throws Throwable {
        return PHASER == null ? node : object(PHASER, node);
    }

    /** What threads that wait in a SynchronousQueue name as their blocker; null if it cannot be read. */
    static @Nullable Object transferer(SynchronousQueue<?> queue) throws Throwable {
        return TRANSFERER == null ? null : object(TRANSFERER, queue);
    }

    static long bigNumber(MethodHandle field, Object in) throws Throwable {
        return (long) field.invokeExact(in);
    }

    /** With its neighbours the only places that invoke a handle, so that each is linked before the first hook. */
    static @Nullable Thread thread(MethodHandle field, Object in) throws Throwable {
        return (Thread) field.invokeExact(in);
    }

    static Object object(MethodHandle field, Object in) throws Throwable {
        return (Object) field.invokeExact(in);
    }

    static boolean flag(MethodHandle field, Object in) throws Throwable {
        return (boolean) field.invokeExact(in);
    }

    static int number(MethodHandle field, Object in) throws Throwable {
        return (int) field.invokeExact(in);
    }

    /** Reads a field: {@code (Object)T} for a reference or int of type T; null if it is out of reach. */
    static @Nullable MethodHandle getter(@Nullable Class<?> in, String name, @Nullable Class<?> type) {
        try {
            if (in != null && type != null) {
                MethodHandle getter = MethodHandles.privateLookupIn(in, MethodHandles.lookup())
                        .findGetter(in, name, type);
                return getter.asType(MethodType.methodType(erased(type), Object.class));
            }
        } catch (ReflectiveOperationException | RuntimeException outOfReach) {
            // reported below
        }
        note(in, name);
        return null;
    }

    /** Calls the method as declared in {@code in}, whatever a subclass makes of it: {@code (Object)T}. */
    static @Nullable MethodHandle nonVirtual(Class<?> in, String name, Class<?> type) {
        try {
            MethodHandle call = MethodHandles.privateLookupIn(in, MethodHandles.lookup())
                    .findSpecial(in, name, MethodType.methodType(type), in);
            return call.asType(MethodType.methodType(erased(type), Object.class));
        } catch (ReflectiveOperationException | RuntimeException outOfReach) {
            note(in, name);
            return null;
        }
    }

    private static Class<?> erased(Class<?> type) {
        return type.isPrimitive() || type == Thread.class ? type : Object.class;
    }

    private static void note(@Nullable Class<?> in, String name) {
        synchronized (MISSING) {
            MISSING.append(MISSING.length() == 0 ? "" : " ");
            MISSING.append(in == null ? "?" : in.getName()).append('.').append(name);
        }
    }
}
