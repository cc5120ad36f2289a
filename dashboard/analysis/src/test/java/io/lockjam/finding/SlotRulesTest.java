// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pools of connections: too few, enough, and none to be had. */
class SlotRulesTest {
    private static final int SECONDS = 10;
    private static final int BUCKET = 100; // about 80 ms

    private final Story story = new Story();
    private String className = "com.zaxxer.hikari.pool.HikariPool";
    private int stuck;
    private Fact.@Nullable SlotUse held;

    @Test
    void threadsThatWaitForConnectionsAskForMore() {
        Findings findings = orders(2, 2, 14, 180, 80, 0);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_UNDERSIZED);
        Finding.PoolUndersized found = (Finding.PoolUndersized) findings.found().get(0);
        assertThat(found.enough()).isEqualTo(16);
        assertThat(found.title()).contains("orders").contains("2 connections").contains("16 would do");
        assertThat(found.text().change()).contains("maximumPoolSize to 16").contains("orders");
        assertThat(found.text().why()).contains("Little's law");
        assertThat(found.subject().className()).isEqualTo("com.zaxxer.hikari.pool.HikariPool");
    }

    @Test
    void aLibraryIsToldInItsOwnWords() {
        className = "redis.clients.jedis.JedisPool";

        assertThat(orders(2, 2, 14, 180, 80, 0).found().get(0).text().change())
                .startsWith("Set maxTotal to 16 for orders")
                .contains("hold each connection for a shorter time");
    }

    @Test
    void waitsInsideThePoolAreNotToldAgainAsAShortage() {
        Stack borrow = Story.stack("com.zaxxer.hikari.Pool.borrow", "redis.clients.Jedis.get", "com.acme.Shop.page");
        for (int user = 0; user < 3; user++) {
            for (int second = 1; second <= SECONDS; second++) {
                String by = "user-" + (user + 1) % 3;
                double end = second - 0.1 + 0.02 * user;
                story.wait(end, 800, WaitKind.CONDITION, Story.LOCK, "user-" + user, null, by, borrow, true);
            }
        }
        story.tell(new Fact.TaskSubmitted(Story.at(1), Story.thread("user-1"), "9001", "", 0, borrow));

        Findings findings = orders(2, 2, 14, 180, 80, 0);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_UNDERSIZED);
        assertThat(findings.found().get(0).text().change()).contains("borrowed at Shop.page");
    }

    @Test
    void enoughConnectionsAreNoFinding() {
        assertThat(orders(16, 15, 0, 1500, 0.01, 0).found()).isEmpty();
    }

    @Test
    void allBusyWithShortWaitsIsNoFinding() {
        assertThat(orders(2, 2, 1, 180, 1, 0).found()).isEmpty();
    }

    @Test
    void borrowsForNothingAreCounted() {
        Findings findings = orders(2, 2, 0, 10, 1, 3);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_REJECTIONS);
        assertThat(findings.found().get(0).title()).contains("borrows from orders got no connection");
    }

    @Test
    void manyMoreConnectionsThanAreUsedAreTooMany() {
        Findings findings = orders(64, 3, 0, 200, 0.01, 0);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_OVERSIZED);
        assertThat(findings.found().get(0).title()).contains("64 connections");
        assertThat(findings.found().get(0).text().change()).contains("maximumPoolSize to");
    }

    @Test
    void aHandfulIsWhatEveryLibraryKeepsAndNoLoadIsNoEvidence() {
        assertThat(orders(10, 1, 0, 90, 0.01, 0).found()).isEmpty();
        assertThat(new SlotRulesTest().orders(64, 0, 0, 0, 0, 0).found()).isEmpty();
    }

    @Test
    void holdersThatAllWaitForAnotherConnectionStarveThePool() {
        stuck = 2;
        held = new Fact.SlotUse(
                "order-1",
                Duration.ofSeconds(9),
                Story.stack("com.zaxxer.hikari.pool.HikariPool.getConnection", "com.acme.Orders.pay"));
        Stack borrow = Story.stack("com.zaxxer.hikari.pool.HikariPool.getConnection", "com.acme.Orders.pay");
        story.tell(new Fact.TaskSubmitted(Story.at(1), Story.thread("user-1"), "9001", "", 0, borrow));
        for (int second = 1; second <= SECONDS; second++) {
            for (int user = 0; user < 2; user++) {
                story.waitingNow(second, "user-" + user, user, WaitKind.CONDITION, Story.LOCK, null, second, false);
                story.waits(second, "user-" + user, Story.LOCK, "TIMED_WAITING", borrow);
            }
        }
        Findings findings = orders(2, 2, 2, 0, 0, 0);

        assertThat(findings.found()).extracting(Finding::kind).containsExactly(Kind.POOL_STARVATION);
        assertThat(findings.found().get(0).title()).contains("All 2 connections of orders");
        assertThat(findings.found().get(0).text().why()).contains("Orders.pay");
    }

    @Test
    void aConnectionThatDoesNotComeBackIsNamedWithItsHolder() {
        held = new Fact.SlotUse(
                "order-1",
                Duration.ofSeconds(9),
                Story.stack("com.zaxxer.hikari.pool.HikariPool.getConnection", "com.acme.Orders.leak"));
        Findings findings = orders(2, 2, 0, 10, 1, 3);

        assertThat(findings.found().get(0).text().why())
                .contains("order-1 has had a connection for 9 s, taken at")
                .contains("Orders.leak");
    }

    private Findings orders(int most, int busy, int waiters, long uses, double waitMillis, long refused) {
        long[] waits = new long[Histogram.BUCKETS];
        waits[BUCKET] = uses + refused;
        for (int second = 1; second <= SECONDS; second++) {
            story.tell(new Fact.PoolTotals(
                    Story.at(second),
                    Duration.ofSeconds(1),
                    className,
                    "9001",
                    "orders",
                    "slots",
                    most,
                    -1,
                    most,
                    busy,
                    Duration.ofSeconds(busy),
                    waiters,
                    -1,
                    uses + refused,
                    uses,
                    refused,
                    uses,
                    Duration.ofNanos((long) (waitMillis * 1e6 * (uses + refused))),
                    Duration.ofMillis(11 * uses),
                    uses * 11e3 * 11e3,
                    Duration.ZERO,
                    Duration.ZERO,
                    Histogram.ofCounts(waits),
                    Histogram.EMPTY,
                    waiters,
                    new PoolSamples(0, Duration.ZERO, 0, busy, 0, stuck),
                    held));
        }
        return story.check(0, SECONDS);
    }
}
