// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Looks into the pool whose threads carry the virtual threads: its queue are those that could run but have no carrier. */
final class CarrierReader extends PoolReader {
    /** The factory of its threads is written in this class. */
    private static final String MAKER = "java.lang.VirtualThread$$Lambda";

    private static final String NO_NAME = "";

    private long own;

    static boolean carries(ForkJoinPool pool) {
        return pool.getClass() == ForkJoinPool.class
                && pool.getFactory().getClass().getName().startsWith(MAKER);
    }

    /** What it has completed are the threads made since the JVM began, by their ids. */
    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        PoolView.Look look = PoolAccess.forkJoin(pool);
        if (look == null) {
            return null;
        }
        own++;
        long made = new Thread(null, null, NO_NAME, 0, false).getId() - own;
        return new PoolView.Look(
                look.size(), look.core(), look.max(), look.busy(), look.depth(), look.capacity(), made, look.name());
    }

    @Override
    String type() {
        return "carriers";
    }

    @Override
    boolean counts() {
        return false;
    }
}
