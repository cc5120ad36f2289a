// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.PoolRow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real pools of slots, woven and verified: every borrow, wait, use and failure is counted. */
@SuppressWarnings("try") // see Lender
class SlotsWeaveTest {
    private static final long PATIENT_MILLIS = 30_000;
    private static final long IMPATIENT_MILLIS = 20;

    /** A version of a library; {@code jar} is null for the one on the class path. */
    @SuppressWarnings("ArrayRecordComponent") // listed like arguments, never compared
    record Library(
            String user,
            @Nullable String jar,
            String pool,
            @Nullable String name,
            String... types) {
        @Override
        public String toString() {
            return jar == null ? user : user + " " + jar;
        }

        WeavingLoader load() throws Exception {
            return jar == null ? WeavingLoader.of(types) : WeavingLoader.ofJar(jar);
        }
    }

    static Stream<Library> libraries() {
        String hikari = "com.zaxxer.hikari.pool.HikariPool";
        String commons = "org.apache.commons.pool.impl.GenericObjectPool";
        String commons2 = "org.apache.commons.pool2.impl.GenericObjectPool";
        return Stream.of(
                new Library("HikariLender", null, hikari, "orders", hikari),
                new Library("HikariLender", "HikariCP-3.4.5.jar", hikari, "orders"),
                new Library("HikariLender", "HikariCP-4.0.3.jar", hikari, "orders"),
                new Library("HikariLender", "HikariCP-6.2.1.jar", hikari, "orders"),
                new Library("CommonsPoolLender", null, commons, null, commons),
                new Library("CommonsPoolLender", "commons-pool-1.3.jar", commons, null),
                new Library("CommonsPoolLender", "commons-pool-1.5.7.jar", commons, null),
                new Library("CommonsPool2Lender", null, commons2, null, commons2),
                new Library("CommonsPool2Lender", "commons-pool2-2.6.2.jar", commons2, null),
                new Library(
                        "TomcatLender",
                        null,
                        "org.apache.tomcat.jdbc.pool.ConnectionPool",
                        "orders",
                        "org.apache.tomcat.jdbc.pool.ConnectionPool"),
                new Library(
                        "C3p0Lender",
                        null,
                        "com.mchange.v2.resourcepool.BasicResourcePool",
                        null,
                        "com.mchange.v2.c3p0.DataSources",
                        "com.mchange.v2.log.MLog"),
                new Library(
                        "DruidLender",
                        null,
                        "com.alibaba.druid.pool.DruidDataSource",
                        "orders",
                        "com.alibaba.druid.pool.DruidDataSource"));
    }

    @BeforeEach
    void on() {
        Hooks.clear();
        assertThat(Hooks.install()).isEmpty();
        Hooks.preload(false);
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void countsBorrowsWaitsAndUses(Library library) throws Exception {
        WeavingLoader loader = library.load();
        try (Lender pool = (Lender) loader.make(library.user, PATIENT_MILLIS)) {
            Object first = pool.borrow();
            Object second = pool.borrow();
            FutureTask<Object> third = new FutureTask<>(pool::borrow);
            Thread waiter = new Thread(third, "waiter");
            waiter.start();
            PoolRow busy = awaitWaiter(library);

            assertThat(busy.type()).isEqualTo("slots");
            assertThat(busy.poolName()).isEqualTo(library.name);
            assertThat(busy.maxSize()).isEqualTo(2);
            assertThat(busy.size()).isEqualTo(2);
            assertThat(busy.busy()).isEqualTo(2);
            assertThat(busy.queueDepth()).isEqualTo(1);
            assertThat(busy.holder()).isEqualTo(Thread.currentThread().getName());
            assertThat(busy.held()).isPositive();
            assertThat(busy.holderStack()).contains(library.user + ".borrow(" + library.user + ".java:");

            pool.give(first);
            Object last = third.get(PATIENT_MILLIS, TimeUnit.MILLISECONDS);
            pool.give(second);
            pool.give(last);
            awaitGiven(library);

            assertThat(sums.arrivals).isEqualTo(3);
            assertThat(sums.completions).isEqualTo(3);
            assertThat(sums.timed).isEqualTo(3);
            assertThat(sums.waits).as("waits in the histogram").isEqualTo(3);
            assertThat(sums.queueTime).isPositive();
            assertThat(sums.serviceTime).isPositive();
            assertThat(sums.rejections).isZero();
            assertThat(Hooks.status().faults()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void countsBorrowsForNothing(Library library) throws Exception {
        WeavingLoader loader = library.load();
        try (Lender pool = (Lender) loader.make(library.user, IMPATIENT_MILLIS)) {
            Object first = borrowed(pool);
            Object second = borrowed(pool);
            flush(library);
            long failedBefore = sums.rejections;
            assertThatThrownBy(pool::borrow).isNotNull();
            flush(library);

            assertThat(sums.rejections - failedBefore).isEqualTo(1);
            assertThat(sums.waits).as("each with its wait").isEqualTo(sums.arrivals);
            pool.give(first);
            pool.give(second);
        }
    }

    /** Making a connection can take longer than an impatient borrow waits. */
    private static Object borrowed(Lender pool) throws Exception {
        Exception last = new Exception();
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return pool.borrow();
            } catch (Exception tooSlow) {
                last = tooSlow;
            }
        }
        throw last;
    }

    /** Everything reported so far. */
    private static final class Sums {
        long arrivals;
        long completions;
        long rejections;
        long timed;
        long waits;
        long queueTime;
        long serviceTime;

        void add(PoolRow row) {
            arrivals += row.arrivals();
            completions += row.completions();
            rejections += row.rejections();
            timed += row.timed();
            queueTime += row.queueTime();
            serviceTime += row.serviceTime();
            for (String bucket : row.queueHistogram().split(" ", 0)) {
                waits += bucket.isEmpty() ? 0 : Long.parseLong(bucket.substring(bucket.indexOf(':') + 1));
            }
        }
    }

    private final Sums sums = new Sums();

    private PoolRow flush(Library library) {
        PoolRow row = PoolRows.flushed().only(library.pool);
        sums.add(row);
        return row;
    }

    private PoolRow awaitWaiter(Library library) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENT_MILLIS);
        PoolRow row = flush(library);
        while ((row.waiters() != 1 || row.busy() != 2 || row.size() != 2) && System.nanoTime() < end) {
            Thread.onSpinWait();
            row = flush(library);
        }
        assertThat(row.waiters()).isEqualTo(1);
        return row;
    }

    /** Some pools take a connection back on a thread of their own. */
    private void awaitGiven(Library library) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENT_MILLIS);
        while (sums.completions < 3 && System.nanoTime() < end) {
            PoolRows.flushed().pools(library.pool).forEach(sums::add);
        }
    }
}
