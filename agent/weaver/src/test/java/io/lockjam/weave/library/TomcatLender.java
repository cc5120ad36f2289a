// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import io.lockjam.weave.Lender;
import java.sql.Connection;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;

/** Tomcat JDBC over a database that is none. */
public final class TomcatLender implements Lender {
    private final DataSource pool;

    public TomcatLender(long timeoutMillis) {
        PoolProperties properties = new PoolProperties();
        properties.setDataSource(Fakes.dataSource());
        properties.setName("orders");
        properties.setMaxActive(2);
        properties.setInitialSize(0);
        properties.setMaxWait((int) timeoutMillis);
        pool = new DataSource(properties);
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
