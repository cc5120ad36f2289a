// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.service;

import java.sql.SQLException;
import org.h2.tools.Server;

/** H2 in server mode; its tables are in memory. */
public final class H2Service {
    private H2Service() {}

    /**
     * Serves until it is killed.
     *
     * @param arguments the port on loopback
     */
    public static void main(String[] arguments) throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        Server.createTcpServer("-tcpPort", arguments[0], "-ifNotExists").start();
        System.out.println("ready");
    }
}
