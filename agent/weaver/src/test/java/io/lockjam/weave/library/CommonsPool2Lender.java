// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import io.lockjam.weave.Lender;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;

/** commons-pool 2. */
public final class CommonsPool2Lender implements Lender {
    private final GenericObjectPool<Object> pool = new GenericObjectPool<>(new Objects());
    private final long timeoutMillis;

    public CommonsPool2Lender(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
        pool.setMaxTotal(2);
    }

    /** Makes plain objects. */
    private static final class Objects extends BasePooledObjectFactory<Object> {
        @Override
        public Object create() {
            return new Object();
        }

        @Override
        public PooledObject<Object> wrap(Object made) {
            return new DefaultPooledObject<>(made);
        }
    }

    @Override
    public Object borrow() throws Exception {
        return pool.borrowObject(timeoutMillis);
    }

    @Override
    public void give(Object slot) {
        pool.returnObject(slot);
    }

    @Override
    public void close() {
        pool.close();
    }
}
