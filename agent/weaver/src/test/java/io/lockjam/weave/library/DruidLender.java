// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import com.alibaba.druid.pool.DruidDataSource;
import io.lockjam.weave.Lender;
import java.sql.Connection;

/** Druid over a database that is none. */
public final class DruidLender implements Lender {
    private final DruidDataSource pool = new DruidDataSource();

    public DruidLender(long timeoutMillis) {
        pool.setName("orders");
        pool.setUrl("jdbc:fake:");
        pool.setDriver(Fakes.driver());
        pool.setMaxActive(2);
        pool.setMaxWait(timeoutMillis);
    }

    @Override
    public Object borrow() throws Exception {
        return pool.getConnection();
    }

    @Override
    public void give(Object slot) throws Exception {
        ((Connection) slot).close();
    }

    @Override
    public void close() {
        pool.close();
    }
}
