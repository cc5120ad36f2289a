// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/** Looks into the JDK's fork-join pools. */
final class ForkJoinReader extends PoolReader {
    static final PoolReader ONLY = new ForkJoinReader();

    private ForkJoinReader() {}

    @Override
    PoolView.@Nullable Look look(Object pool, PoolStat stat) throws Throwable {
        return PoolAccess.forkJoin(pool);
    }

    @Override
    String type() {
        return "fork-join";
    }

    @Override
    boolean counts() {
        return false;
    }
}
