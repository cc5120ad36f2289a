// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;

/** The state that a virtual thread keeps itself (24 and later), which tells more than {@link Thread.State}. */
final class VirtualState {
    private final MethodHandle state;
    private final Set<Integer> parked;
    private final int unblocked;

    VirtualState() throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.lang.VirtualThread");
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        state = lookup.findGetter(type, "state", int.class).asType(MethodType.methodType(int.class, Thread.class));
        parked = Set.of(
                constant(lookup, "PARKED"),
                constant(lookup, "PINNED"),
                constant(lookup, "TIMED_PARKED"),
                constant(lookup, "TIMED_PINNED"));
        unblocked = constant(lookup, "UNBLOCKED");
    }

    boolean isParked(Thread thread) throws Throwable {
        return parked.contains((int) state.invokeExact(thread));
    }

    boolean isUnblocked(Thread thread) throws Throwable {
        return (int) state.invokeExact(thread) == unblocked;
    }

    private static int constant(MethodHandles.Lookup lookup, String name) throws ReflectiveOperationException {
        return (int) lookup.findStaticVarHandle(lookup.lookupClass(), name, int.class)
                .get();
    }
}
