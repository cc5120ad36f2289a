// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.util.Set;

/**
 * Where the dashboard listens and who may ask.
 *
 * @param bind address to listen on
 * @param port 0 lets the system choose
 * @param token what a client has to show
 * @param hosts further names that clients may use in the Host header, besides this machine's loopback names and {@code bind}
 */
public record DashboardConfig(String bind, int port, Token token, Set<String> hosts) {
    /** Not listening on the network is the only default that is safe for everybody. */
    public static final String LOOPBACK = "127.0.0.1";

    public DashboardConfig {
        hosts = Set.copyOf(hosts);
    }

    /** Loopback, with a fresh token. */
    public static DashboardConfig loopback(int port) {
        return new DashboardConfig(LOOPBACK, port, Token.random(), Set.of());
    }
}
