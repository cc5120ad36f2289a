// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Stack;
import java.util.List;

/** How libraries that lend things out are told to have more of them, and what they have unless told: often the reason why it is too little. */
final class LenderSettings {
    /**
     * @param begins a class on the stack of who waits
     * @param name of the setting, with the default
     */
    private record Setting(String begins, String name) {}

    private static final List<Setting> SETTINGS = List.of(
            new Setting(
                    "org.apache.hc.client5.http.impl.",
                    "setMaxConnPerRoute of PoolingHttpClientConnectionManagerBuilder, 5 for each host unless told otherwise, and setMaxConnTotal, 25"),
            new Setting(
                    "org.apache.http.impl.conn.",
                    "setDefaultMaxPerRoute of PoolingHttpClientConnectionManager, 2 for each host unless told otherwise, and setMaxTotal, 20"),
            new Setting(
                    "org.apache.commons.httpclient.",
                    "setDefaultMaxConnectionsPerHost of HttpConnectionManagerParams, 2 unless told otherwise, and setMaxTotalConnections, 20"),
            new Setting(
                    "org.apache.ibatis.datasource.pooled.", "poolMaximumActiveConnections, 10 unless told otherwise"),
            new Setting(
                    "org.apache.kafka.clients.producer.internals.BufferPool",
                    "buffer.memory of the producer, 32 MB unless told otherwise"),
            new Setting("io.github.resilience4j.bulkhead.", "maxConcurrentCalls, 25 unless told otherwise"),
            new Setting("dev.failsafe.internal.BulkheadImpl", "maxConcurrency of Bulkhead.builder"),
            new Setting("io.agroal.pool.", "maxSize, in Quarkus quarkus.datasource.jdbc.max-size"),
            new Setting("org.vibur.dbcp.", "poolMaxSize"),
            new Setting("org.h2.jdbcx.JdbcConnectionPool", "setMaxConnections, 10 unless told otherwise"));

    /** How a library is told to drop what its full queue has no room for. */
    private static final List<Setting> QUEUES = List.of(
            new Setting("ch.qos.logback.core.AsyncAppenderBase", "neverBlock of AsyncAppender drops it"),
            new Setting(
                    "org.apache.logging.log4j.core.appender.AsyncAppender",
                    "blocking=\"false\" of AsyncAppender drops it"),
            new Setting("org.apache.logging.log4j.core.async.", "log4j2.asyncQueueFullPolicy=Discard drops it"),
            new Setting("org.apache.log4j.AsyncAppender", "blocking=\"false\" of AsyncAppender drops it"));

    private LenderSettings() {}

    /** In brackets; empty if the library has none that is known. */
    static String of(Stack waiter) {
        return of(waiter, SETTINGS);
    }

    /** The same for a queue of the library that is full. */
    static String ofQueue(Stack producer) {
        return of(producer, QUEUES);
    }

    private static String of(Stack waiter, List<Setting> settings) {
        return settings.stream()
                .filter(each -> waiter.frames().stream()
                        .anyMatch(frame -> frame.className().startsWith(each.begins)))
                .findFirst()
                .map(each -> " (" + each.name + ")")
                .orElse("");
    }
}
