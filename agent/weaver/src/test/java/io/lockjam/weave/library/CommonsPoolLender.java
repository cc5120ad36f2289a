// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import io.lockjam.weave.Lender;
import org.apache.commons.pool.BasePoolableObjectFactory;
import org.apache.commons.pool.impl.GenericObjectPool;

/** commons-pool 1. */
@SuppressWarnings("try") // see Lender
public final class CommonsPoolLender implements Lender {
    private final GenericObjectPool<Object> pool;

    public CommonsPoolLender(long timeoutMillis) {
        pool = new GenericObjectPool<>(new Objects(), 2);
        pool.setMaxWait(timeoutMillis);
    }

    /** Makes plain objects. */
    private static final class Objects extends BasePoolableObjectFactory<Object> {
        @Override
        public Object makeObject() {
            return new Object();
        }
    }

    @Override
    public Object borrow() throws Exception {
        return pool.borrowObject();
    }

    @Override
    public void give(Object slot) throws Exception {
        pool.returnObject(slot);
    }

    @Override
    public void close() throws Exception {
        pool.close();
    }
}
