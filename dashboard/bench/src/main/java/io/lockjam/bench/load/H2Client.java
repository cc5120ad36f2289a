// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/** Nine reads by key to one update, each a transaction of its own. */
final class H2Client implements Client {
    private static final int ITEMS = 20_000;

    private final Connection connection;
    private final PreparedStatement read;
    private final PreparedStatement update;
    private final SplittableRandom random;

    H2Client(int port, int seed) throws SQLException {
        connection = DriverManager.getConnection(url(port), "sa", "");
        read = connection.prepareStatement("select stock, name from item where id = ?");
        update = connection.prepareStatement("update item set stock = stock + 1 where id = ?");
        random = new SplittableRandom(seed);
    }

    static void prepare(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("create table item(id int primary key, stock int, name varchar(40))");
            statement.execute("insert into item select x, 100, 'item ' || x from system_range(1, " + ITEMS + ")");
        }
    }

    @Override
    public void call() throws SQLException {
        int id = 1 + random.nextInt(ITEMS);
        if (random.nextInt(10) == 0) {
            update.setInt(1, id);
            update.executeUpdate();
            return;
        }
        read.setInt(1, id);
        try (ResultSet rows = read.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("item " + id + " is gone");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static String url(int port) {
        return "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:bench;DB_CLOSE_DELAY=-1";
    }
}
