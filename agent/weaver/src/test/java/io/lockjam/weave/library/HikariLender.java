// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lockjam.weave.Lender;
import java.sql.Connection;

/** HikariCP over a database that is none. */
public final class HikariLender implements Lender {
    private final HikariDataSource pool;

    public HikariLender(long timeoutMillis) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(Fakes.dataSource());
        config.setPoolName("orders");
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(Math.max(250, timeoutMillis)); // 250 is the least it takes
        pool = new HikariDataSource(config);
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
