// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.service;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Tomcat with one servlet that reads ten rows through a HikariCP pool from H2 in the same process. */
public final class TomcatService {
    private static final int CONNECTIONS = 8;
    private static final int THREADS = 16;

    private TomcatService() {}

    /**
     * Serves until it is killed.
     *
     * @param arguments the port on loopback, and a folder to work in
     */
    public static void main(String[] arguments) throws SQLException, LifecycleException, IOException {
        HikariDataSource pool = pool();
        fill(pool);
        Tomcat tomcat = new Tomcat();
        String folder = Files.createDirectories(Path.of(arguments[1])).toString();
        tomcat.setBaseDir(folder);
        tomcat.setPort(Integer.parseInt(arguments[0]));
        Connector connector = tomcat.getConnector();
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", Integer.toString(THREADS));
        connector.setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", folder);
        Tomcat.addServlet(context, "items", new ItemServlet(pool)).addMapping("/items");
        tomcat.start();
        System.out.println("ready");
        tomcat.getServer().await();
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1");
        config.setUsername("sa");
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    private static void fill(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table item(id int primary key, stock int, name varchar(40))");
            statement.execute("insert into item select x, 100, 'item ' || x from system_range(1, 20000)");
        }
    }
}
