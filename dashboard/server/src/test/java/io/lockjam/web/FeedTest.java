// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The live feed over a real WebSocket, and what a client that does not read does to others: nothing. */
class FeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DashboardConfig config = DashboardConfig.loopback(0);
    private final QuietReadings readings = new QuietReadings();
    private final Watched target = new Watched("quiet", "quiet 4711", Watched.State.LIVE, readings);
    private Dashboard dashboard;

    @BeforeEach
    void start() {
        dashboard = Dashboard.start(config);
        dashboard.targets().add(target);
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    @Test
    void tellsEachSecondOnceAndInOrder() throws Exception {
        Reader reader = open();
        long first = reader.next("tick").path("at").asLong();
        readings.advance(3);

        for (int i = 1; i <= 3; i++) {
            JsonNode tick = reader.next("tick");
            assertThat(tick.path("at").asLong()).isEqualTo(first + 1_000L * i);
            assertThat(tick.path("s").asText()).isEqualTo("R");
        }
    }

    @Test
    void replaysWhatAClientMissedBetweenItsFirstPictureAndItsConnection() throws Exception {
        Reader early = open();
        long first = early.next("tick").path("at").asLong();
        readings.advance(2);
        early.next("tick");
        early.next("tick");

        Reader late = open("&since=" + first);

        assertThat(late.next("tick").path("at").asLong()).isEqualTo(first + 1_000);
        assertThat(late.next("tick").path("at").asLong()).isEqualTo(first + 2_000);
    }

    @Test
    void doesNothingWhileNobodyFollowsAndCatchesUpWithWhoComes() throws Exception {
        await().until(() -> readings.looks.get() > 0);
        readings.advance(2);
        int looks = readings.looks.get();
        await().until(() -> readings.looks.get() > looks + 2);
        assertThat(readings.pictures).hasValue(0);

        Reader late = open("&since=" + QuietReadings.START.plusSeconds(59).toEpochMilli());

        for (int second = 60; second <= 61; second++) {
            assertThat(late.next("tick").path("at").asLong())
                    .isEqualTo(QuietReadings.START.plusSeconds(second).toEpochMilli());
        }
    }

    @Test
    void keepsWhoWasHeldUpInSightForTenSeconds() throws Exception {
        Reader reader = open();
        Instant at =
                Instant.ofEpochMilli(reader.next("tick").path("at").asLong()).plusSeconds(2);
        readings.holdUp(at);

        for (int i = 1; i <= 11; i++) {
            readings.advance(1);
            JsonNode graph = reader.next("tick").path("graph");
            assertThat(graph.path("trees")).as("second " + i).hasSize(i <= 10 ? 1 : 0);
            assertThat(graph.path("at").asLong()).isEqualTo(i <= 10 ? at.toEpochMilli() : at.toEpochMilli() + 10_000);
        }
    }

    @Test
    void tellsHowFarLongWorkIs() throws Exception {
        Reader reader = open();
        reader.next("tick");
        Job job = new Job("Reading a.jfr", () -> {});
        job.at(3, 9);
        target.job(job);

        JsonNode told = reader.next("status", "live");
        while (told.path("job").isMissingNode()) {
            told = reader.next("status", "live");
        }
        assertThat(told.path("job").path("doneBytes").asLong()).isEqualTo(3);
        target.job(null);
        while (!told.path("job").isMissingNode()) {
            told = reader.next("status", "live");
        }
    }

    @Test
    void saysThatTheTargetHasEnded() throws Exception {
        Reader reader = open();
        reader.next("tick");
        target.ended("quiet exited (code 137).");

        JsonNode status = reader.next("status", "ended");

        assertThat(status.path("note").asText()).isEqualTo("quiet exited (code 137).");
    }

    @Test
    void aClientThatNeverReadsLosesLettersAndHoldsUpNobody() throws Exception {
        Feed feed = new Feed(dashboard.targets());
        CountDownLatch stuck = new CountDownLatch(1);
        FeedClient sleeper = new FeedClient("quiet", line(stuck, new LinkedBlockingQueue<>()));
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        FeedClient awake = new FeedClient("quiet", line(new CountDownLatch(0), got));
        feed.join(sleeper, Long.MAX_VALUE);
        feed.join(awake, Long.MAX_VALUE);
        sleeper.start();
        awake.start();
        int letters = FeedClient.MAILBOX * 3;
        for (int i = 0; i < letters; i++) {
            sleeper.post("letter");
        }
        awake.post("letter");

        assertThat(got.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(sleeper.lost()).isBetween((long) FeedClient.MAILBOX, (long) letters);
        stuck.countDown();
        feed.close();
    }

    private static FeedClient.Line line(CountDownLatch until, BlockingQueue<String> got) {
        return new FeedClient.Line() {
            @Override
            public void send(String letter) throws Exception {
                until.await();
                got.add(letter);
            }

            @Override
            public void close() {}
        };
    }

    private Reader open() {
        return open("&since=0");
    }

    private Reader open(String more) {
        Reader reader = new Reader();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + config.token().text())
                .buildAsync(URI.create("ws://127.0.0.1:" + dashboard.port() + "/api/v1/ws?target=quiet" + more), reader)
                .join();
        return reader;
    }

    /** Collects whole messages. */
    private static final class Reader implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        JsonNode next(String type) throws Exception {
            return next(type, "");
        }

        JsonNode next(String type, String state) throws Exception {
            while (true) {
                String text = messages.poll(20, TimeUnit.SECONDS);
                assertThat(text).as("a message of type " + type).isNotNull();
                JsonNode message = JSON.readTree(text);
                if (message.path("type").asText().equals(type)
                        && (state.isEmpty() || message.path("state").asText().equals(state))) {
                    return message;
                }
            }
        }
    }
}
