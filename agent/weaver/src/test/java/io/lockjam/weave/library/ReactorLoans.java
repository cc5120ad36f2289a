// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/** Reactor's pool with two things to lend; the first action borrows one, the second gives one back. */
public final class ReactorLoans implements Supplier<List<Runnable>> {
    @Override
    public List<Runnable> get() {
        InstrumentedPool<Object> pool = PoolBuilder.from(Mono.fromSupplier(Object::new))
                .sizeBetween(0, 2)
                .buildPool();
        ConcurrentLinkedQueue<PooledRef<Object>> lent = new ConcurrentLinkedQueue<>();
        return List.of(
                () -> pool.acquire().subscribe(lent::add),
                () -> lent.remove().release().block());
    }
}
