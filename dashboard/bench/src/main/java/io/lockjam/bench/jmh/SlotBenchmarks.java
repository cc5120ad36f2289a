// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.jmh;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Borrowing from a pool that has one to spare, and giving back. */
@State(Scope.Benchmark)
public class SlotBenchmarks {
    private final HikariDataSource hikari = hikari();
    private final GenericObjectPool<Object> commons = new GenericObjectPool<>(new Objects());

    @Benchmark
    public boolean hikariCp() throws SQLException {
        try (Connection connection = hikari.getConnection()) {
            return connection.isClosed();
        }
    }

    @Benchmark
    public Object commonsPool() throws Exception {
        Object borrowed = commons.borrowObject();
        commons.returnObject(borrowed);
        return borrowed;
    }

    @TearDown
    public void close() {
        hikari.close();
        commons.close();
    }

    private static HikariDataSource hikari() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:bench;DB_CLOSE_DELAY=-1");
        config.setUsername("sa");
        return new HikariDataSource(config);
    }

    /** Nothing is cheaper to make. */
    private static final class Objects extends BasePooledObjectFactory<Object> {
        @Override
        public Object create() {
            return new Object();
        }

        @Override
        public PooledObject<Object> wrap(Object object) {
            return new DefaultPooledObject<>(object);
        }
    }
}
