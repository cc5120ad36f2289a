// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.finding.LiveFindings;
import io.lockjam.web.SessionReadings;
import io.lockjam.web.Watched;
import io.lockjam.window.Limits;
import io.lockjam.window.Session;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What ended stays on the dashboard for as long as somebody looks at it, and no longer. */
class PagesTest {
    private static final Duration AWAY = Duration.ofMillis(300);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream usual = System.out;
    private final Stop stop = new Stop();
    private Pages pages;

    /** Options as the command line gives them. */
    @CommandLine.Command
    private static final class Command {
        @CommandLine.Mixin
        private final PageOptions page = new PageOptions();
    }

    @BeforeEach
    void show() throws Failure {
        Command command = new Command();
        new CommandLine(command).parseArgs("--no-open");
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        pages = Pages.start(command.page);
        pages.show(watched("first"));
    }

    @AfterEach
    void close() {
        System.setOut(usual);
        pages.close();
    }

    private static Watched watched(String id) {
        RecordedNames names = new RecordedNames();
        return new Watched(
                id,
                id,
                Watched.State.LIVE,
                new SessionReadings(new Session(names, Limits.DEFAULT), new LiveFindings()));
    }

    private URI printedUrl() {
        return URI.create(printed.toString(StandardCharsets.UTF_8).trim());
    }

    @Test
    void printsTheAddressOnceForAllTargets() throws Failure {
        String once = printed.toString(StandardCharsets.UTF_8);
        pages.show(watched("second"));

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(once).startsWith("http://127.0.0.1:");
    }

    @Test
    void endsAtOnceIfNobodyLooks() throws Exception {
        pages.serveOn(stop, PATIENCE, PATIENCE);
    }

    @Test
    void servesUntilTheLastViewerIsGone() throws Exception {
        WebSocket viewer = look();
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Thread serving = new Thread(() -> {
            try {
                pages.serveOn(stop, AWAY, LOOK);
                over.complete(true);
            } catch (Failure | InterruptedException fault) {
                over.completeExceptionally(fault);
            }
        });
        serving.start();
        Awaitility.await().atMost(PATIENCE).until(() -> serving.getState() == Thread.State.TIMED_WAITING);
        assertThat(over).isNotDone();

        viewer.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

        assertThat(over).succeedsWithin(PATIENCE);
    }

    /** Follows the feed as a page does; returns once the server has said hello. */
    private WebSocket look() {
        URI url = printedUrl();
        CompletableFuture<Boolean> greeted = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + url.getQuery().substring("token=".length()))
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + url.getPort() + "/api/v1/ws?target=first"),
                        new WebSocket.Listener() {
                            @Override
                            public java.util.concurrent.CompletionStage<?> onText(
                                    WebSocket socket, CharSequence text, boolean last) {
                                greeted.complete(true);
                                return WebSocket.Listener.super.onText(socket, text, last);
                            }
                        })
                .join();
        assertThat(greeted).succeedsWithin(PATIENCE);
        return socket;
    }
}
