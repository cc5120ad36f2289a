// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that a thread has opened (structured concurrency, 21 and later). What is forked in one is in no registry of the JDK, only in the scope,
 * and the scope hangs on its owner.
 */
final class ThreadScopes {
    /** Scopes within scopes of one thread. */
    private static final int DEEPEST = 16;

    private final MethodHandle head;
    private final MethodHandle previous;
    private final Class<?> container;
    private final MethodHandle flock;
    private final MethodHandle threads;

    ThreadScopes() throws ReflectiveOperationException {
        Class<?> scope = Class.forName("jdk.internal.vm.StackableScope");
        Class<?> flockType = Class.forName("jdk.internal.misc.ThreadFlock");
        container = Class.forName("jdk.internal.misc.ThreadFlock$ThreadContainerImpl");
        head = lookup(Thread.class).findGetter(Thread.class, "headStackableScopes", scope);
        previous = lookup(scope).findGetter(scope, "previous", scope);
        flock = lookup(container).findGetter(container, "flock", flockType);
        threads = lookup(flockType).findGetter(flockType, "threads", Set.class);
    }

    /** The sets of threads of the open scopes of a thread: none, for nearly all. */
    List<Object> threadsOf(Thread owner) throws Throwable {
        @Nullable Object scope = head.invoke(owner);
        if (scope == null) {
            return List.of();
        }
        List<Object> sets = new ArrayList<>();
        for (int depth = 0; scope != null && depth < DEEPEST; depth++) {
            if (container.isInstance(scope)) {
                sets.add(threads.invoke(flock.invoke(scope)));
            }
            scope = previous.invoke(scope);
        }
        return sets;
    }

    private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }
}
