// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import com.mchange.v2.c3p0.DataSources;
import io.lockjam.weave.Lender;
import java.sql.Connection;
import java.util.Map;
import javax.sql.DataSource;

/** c3p0 over a database that is none. */
@SuppressWarnings("try") // see Lender
public final class C3p0Lender implements Lender {
    private final DataSource pool;

    public C3p0Lender(long timeoutMillis) throws Exception {
        Map<String, Object> settings = Map.of(
                "maxPoolSize", 2, "minPoolSize", 1, "initialPoolSize", 1, "checkoutTimeout", (int) timeoutMillis);
        pool = DataSources.pooledDataSource(Fakes.dataSource(), settings);
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
    public void close() throws Exception {
        DataSources.destroy(pool);
    }
}
