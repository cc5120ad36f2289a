// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.Range;
import io.lockjam.window.WaitForGraph;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the objects of the API say. */
class ShapesTest {
    private static final ThreadRef PUTS = new ThreadRef(1, "parser", false, 11);
    private static final ThreadRef WORKS = new ThreadRef(2, "worker-1", false, 12);
    private static final int MEETINGS = 250;

    /** Both ends of a queue have one page, that of the queue. */
    @Test
    void aWaitAtAQueueLeadsToTheQueue() {
        LockRef queue = new LockRef("java.util.concurrent.LinkedBlockingQueue", "77");

        assertThat(Shapes.pageId(WaitKind.QUEUE_PUT, queue, "queue-put-1")).isEqualTo("queue-77");
        assertThat(Shapes.pageId(WaitKind.LOCK, queue, "lock-1")).isEqualTo("lock-1");
        assertThat(GraphShape.edge(edge(WaitKind.QUEUE_PUT, null, Duration.ZERO))
                        .path("lockId")
                        .asText())
                .isEqualTo("queue-a1");
    }

    /** Owner and waiters are not read at one moment; a lock that its owner has left is waited for longer. */
    @Test
    void whoWaitsForWorkAMomentLaterGaveTheLockBack() {
        assertThat(rootOf(Duration.ofMillis(12)).path("doing").asText()).isEqualTo("gave it back a moment later");
        assertThat(rootOf(Duration.ofMillis(12)).path("detail").isNull()).isTrue();
        assertThat(rootOf(Duration.ofSeconds(3)).path("doing").asText()).isEqualTo("waits for work");
    }

    /** Virtual threads have no lanes: the verdict counts them apart. */
    @Test
    void virtualThreadsThatAreHeldUpAreCounted() {
        ThreadRef virtual = new ThreadRef(3, "", true, -1);
        LockRef lock = new LockRef("L", "a1");
        WaitForGraph graph = new WaitForGraph(
                QuietReadings.START,
                1,
                List.of(
                        edge(WaitKind.LOCK, WORKS, Duration.ZERO),
                        new WaitForGraph.Edge(
                                virtual, 8, WaitKind.LOCK, lock, "row-1", "name", WORKS, Duration.ZERO, false, 1_935)));

        assertThat(graphOf(graph).path("blocked").asInt()).isEqualTo(1_936);
        assertThat(graphOf(graph).path("blockedVirtual").asInt()).isEqualTo(1_935);
    }

    /** Many more are caught than are sent. */
    @Test
    void racesSayHowOftenTheyWereSeen() throws Exception {
        DashboardConfig config = DashboardConfig.loopback(0);
        try (Dashboard dashboard = Dashboard.start(config)) {
            dashboard.targets().add(new Watched("racy", "racy 4711", Watched.State.LIVE, new QuietReadings() {
                @Override
                public List<Fact.RaceSeen> races(Range range) {
                    return Collections.nCopies(MEETINGS, race());
                }
            }));
            HttpRequest asks = HttpRequest.newBuilder(dashboard.address().resolve("/api/v1/races?target=racy&last=300"))
                    .header("Authorization", "Bearer " + config.token().text())
                    .build();
            String body = HttpClient.newHttpClient()
                    .send(asks, HttpResponse.BodyHandlers.ofString())
                    .body();
            JsonNode races = new ObjectMapper().readTree(body).path("races");

            assertThat(races.size()).isLessThan(MEETINGS);
            assertThat(races.path(0).path("times").asInt()).isEqualTo(MEETINGS);
        }
    }

    private static JsonNode rootOf(Duration waited) {
        WaitForGraph graph = new WaitForGraph(QuietReadings.START, 1, List.of(edge(WaitKind.LOCK, WORKS, waited)));
        return graphOf(graph).path("trees").path(0);
    }

    /** With an owner that waits for work. */
    private static JsonNode graphOf(WaitForGraph graph) {
        return GraphShape.of(
                new QuietReadings() {
                    @Override
                    public WaitForGraph graph(Instant at) {
                        return graph;
                    }

                    @Override
                    public Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at) {
                        return new Holder(owner, Doing.WAITS_FOR_WORK, 0, Stack.EMPTY, null, "its queue");
                    }
                },
                QuietReadings.START);
    }

    private static WaitForGraph.Edge edge(WaitKind kind, @Nullable ThreadRef owner, Duration soFar) {
        return new WaitForGraph.Edge(PUTS, 7, kind, new LockRef("Q", "a1"), "row-1", "name", owner, soFar, false, 1);
    }

    private static Fact.RaceSeen race() {
        return new Fact.RaceSeen(
                QuietReadings.START,
                "com.acme.Report.total",
                "field",
                "caught",
                "0",
                new Fact.Access(PUTS, true, null, Stack.EMPTY, List.of()),
                new Fact.Access(WORKS, true, null, Stack.EMPTY, List.of()),
                null,
                null);
    }
}
