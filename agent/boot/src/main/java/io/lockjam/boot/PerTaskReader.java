// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into the JDK's executor that makes a thread for each task, a virtual one as a rule (21 and later). */
final class PerTaskReader extends PoolReader {
    private final @Nullable MethodHandle threads;

    PerTaskReader(Class<?> type) {
        threads = Access.getter(type, "threads", Set.class);
    }

    static boolean isPerTask(Class<?> type) {
        return type == Types.PER_TASK;
    }

    /** All its threads are busy; those that have no carrier yet wait. */
    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        Object found = threads == null ? null : Access.object(threads, pool);
        if (!(found instanceof Set<?> all)) {
            return null;
        }
        int size = all.size();
        String name = PoolAccess.name(all);
        return new PoolView.Look(size, -1, -1, size, 0, -1, 0, name == null || name.isEmpty() ? null : name);
    }

    @Override
    String type() {
        return "per-task";
    }
}
