// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets an answer, and which: real HTTP on loopback. */
class DashboardTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final DashboardConfig CONFIG = DashboardConfig.loopback(0);
    private static Dashboard dashboard;

    @BeforeAll
    static void start() {
        dashboard = Dashboard.start(CONFIG);
        dashboard.targets().add(new Watched("quiet", "quiet 4711", Watched.State.LIVE, new QuietReadings()));
    }

    @AfterAll
    static void stop() {
        dashboard.close();
    }

    @Test
    void answersOnLoopbackOnly() {
        assertThat(dashboard.address().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void keepsTheRestOfAnAddressThatCarriesTheToken() throws Exception {
        String token = CONFIG.token().text();

        assertThat(raw("GET /pools?target=4711&token=" + token + "&last=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 303")
                .contains("/pools?target=4711&last=60\r\n")
                .doesNotContain("token=");
    }

    @Test
    void turnsTheTokenOfTheUrlIntoACookieForThisSiteOnly() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(dashboard.url()));

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("/");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "lockjam-" + dashboard.port());
    }

    @Test
    void opensThePageToWhoShowsTheCookie() throws Exception {
        HttpResponse<String> answer = send(request("/")
                .header(
                        "Cookie",
                        "lockjam-" + dashboard.port() + "=" + CONFIG.token().text()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("<div id=\"app\">");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/locks", "/api/v1/targets", "/api/v1/stream", "/api/v1/nothing"})
    void refusesWhoShowsNoToken(String path) throws Exception {
        assertThat(send(request(path)).statusCode()).isEqualTo(401);
        assertThat(send(request(path).header("Authorization", "Bearer wrong")).statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:5625", "127.0.0.1.evil.example", "192.168.1.7"})
    void refusesAnotherHostName(String host) throws Exception {
        assertThat(raw("GET /api/v1/targets HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer "
                        + CONFIG.token().text() + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @CsvSource({"Origin,https://evil.example", "Origin,null", "Sec-Fetch-Site,cross-site", "Sec-Fetch-Site,same-site"})
    void refusesOtherPagesEvenWithTheToken(String header, String value) throws Exception {
        HttpResponse<String> answer = send(authorized("/api/v1/targets").header(header, value));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void refusesAWebSocketOfAnotherPage() throws Exception {
        assertThat(raw(upgrade("Origin: https://evil.example"))).startsWith("HTTP/1.1 403");
        assertThat(raw(upgrade("Origin: http://127.0.0.1:" + dashboard.port()))).startsWith("HTTP/1.1 101");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/assets/app.js", "/api/v1/targets", "/api/v1/nothing"})
    void sendsTheSecurityHeadersWithEverything(String path) throws Exception {
        HttpResponse<String> answer = send(authorized(path));

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void answersTheSameZippedAndPlain() throws Exception {
        HttpResponse<byte[]> zipped = CLIENT.send(
                authorized("/api/v1/locks").header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        String plain = send(authorized("/api/v1/locks")).body();

        assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(plain.getBytes(StandardCharsets.UTF_8));
        assertThat(JSON.readTree(plain).path("locks").isArray()).isTrue();
    }

    @Test
    void answersAnUnknownApiPathWithJson() throws Exception {
        HttpResponse<String> answer = send(authorized("/api/v1/nothing"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).contains("/api/v1/nothing");
    }

    @Test
    void answersAnUnknownRouteWithAPage() throws Exception {
        HttpResponse<String> answer = send(authorized("/nowhere"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("<div id=\"app\">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last=0",
                "last=soon",
                "from=yesterday",
                "from=2000&to=1000",
                "from=0&to=999999999999",
                "from=-1000000000-01-01T00:00:00Z&to=-1000000000-01-01T00:01:00Z",
                "from=%2B1000000000-12-31T23:58:59Z&to=%2B1000000000-12-31T23:59:59Z",
                "last=99999999999"
            })
    void saysWhatIsWrongWithARange(String range) throws Exception {
        refusesWithASentence("/api/v1/locks?" + range);
    }

    @Test
    void saysWhatIsWrongWithATimeBeyondAll() throws Exception {
        refusesWithASentence("/api/v1/graph?at=%2B1000000000-12-31T23:59:59Z");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/locks, 'GET, HEAD'",
        "OPTIONS, /api/v1/locks, 'GET, HEAD'",
        "TRACE, /api/v1/locks, 'GET, HEAD'",
        "BREW, /api/v1/locks, 'GET, HEAD'",
        "DELETE, /api/v1/findings/none, 'GET, HEAD, PATCH'",
        "POST, /api/v1/jobs/none, DELETE"
    })
    void saysWhichMethodsAPathTakes(String method, String path, String allowed) throws Exception {
        String answer = raw(method + " " + path + authorizedHead());

        assertThat(answer)
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("\r\nAllow: " + allowed + "\r\n")
                .contains("{\"error\":\"This path takes " + allowed);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/locks, 200", "/api/v1/nothing, 404", "/api/v1/locks?last=0, 400", "/nowhere, 404", "/, 200"})
    void answersHeadAsItAnswersGet(String path, int status) throws Exception {
        assertThat(raw("HEAD " + path + authorizedHead())).startsWith("HTTP/1.1 " + status);
        assertThat(raw("GET " + path + authorizedHead())).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/%00, 400", "/api/v1/%zz, 400", "/api/v1/..;/x, 400", "/api/v1/ws, 426"})
    void answersWhatJettyTurnsAwayInItsOwnForm(String path, int status) throws Exception {
        assertThat(raw("GET " + path + authorizedHead()))
                .startsWith("HTTP/1.1 " + status)
                .contains("application/json", "Content-Security-Policy", "{\"error\":\"This")
                .doesNotContain("<");
        assertThat(raw("GET /x/..;/x" + authorizedHead().replace("Auth", "Accept: text/html\r\nAuth")))
                .contains("<h1>Lockjam</h1>", "Content-Security-Policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "class=a.B", "class=a.B&file=B.java&line=0", "class=a.B&file=B.java&line=x"})
    void saysWhatIsMissingToFindASource(String question) throws Exception {
        refusesWithASentence("/api/v1/source?" + question);
    }

    private static void refusesWithASentence(String path) throws Exception {
        HttpResponse<String> answer = send(authorized(path));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).contains("expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"locks/none", "pools/none", "queues/none", "threads/99", "findings/none", "locks?target=none"})
    void answersAnUnknownIdWithASentence(String path) throws Exception {
        HttpResponse<String> answer = send(authorized("/api/v1/" + path));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).endsWith(".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "targets",
                "self",
                "recordings",
                "jobs",
                "bootstrap",
                "graph",
                "waits",
                "timeline",
                "findings",
                "locks",
                "queues",
                "pools",
                "threads",
                "races",
                "source?class=com.acme.Cache&file=Cache.java&line=3",
                "stacks"
            })
    void answersEveryRouteOfAQuietTarget(String path) throws Exception {
        HttpResponse<String> answer = send(authorized("/api/v1/" + path));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).isObject()).isTrue();
    }

    @Test
    void givesHistoryAsOneLetterASecond() throws Exception {
        JsonNode first = JSON.readTree(send(authorized("/api/v1/bootstrap")).body());

        assertThat(first.path("seconds").asInt()).isEqualTo(60);
        assertThat(first.path("lanes").path(0).path(4).asText()).isEqualTo("R".repeat(60));
        assertThat(first.path("lanes").path(0).path(2).asText()).isEqualTo(QuietReadings.WORKER.name());
    }

    @Test
    void aFindingOfARecordingHoldsForAllOfIt() throws Exception {
        QuietReadings recording = new QuietReadings();
        recording.judgeAtTheEnd();
        dashboard.targets().add(new Watched("file", "a.jfr", Watched.State.RECORDED, recording));
        long begin = QuietReadings.START.toEpochMilli();

        for (String range : new String[] {"last=300", "from=" + begin + "&to=" + (begin + 10_000)}) {
            JsonNode answer = JSON.readTree(
                    send(authorized("/api/v1/findings?target=file&" + range)).body());
            assertThat(answer.path("findings")).as(range).hasSize(1);
        }
    }

    @Test
    void cancelsLongWorkOnceItIsThere() throws Exception {
        Watched recording = new Watched("reading", "b.jfr", Watched.State.RECORDED, new QuietReadings());
        dashboard.targets().add(recording);
        assertThat(send(authorized("/api/v1/jobs/reading").DELETE()).statusCode())
                .isEqualTo(404);
        AtomicBoolean cancelled = new AtomicBoolean();
        recording.job(new Job("Reading b.jfr", () -> cancelled.set(true)));

        JsonNode jobs = JSON.readTree(send(authorized("/api/v1/jobs")).body()).path("jobs");
        assertThat(jobs).hasSize(1);
        assertThat(jobs.path(0).path("id").asText()).isEqualTo("reading");
        assertThat(send(authorized("/api/v1/jobs/reading").DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(cancelled).isTrue();
    }

    @Test
    void takesAMuteOnlyAsJsonAndOnlyForAKnownFinding() throws Exception {
        assertThat(send(patch("text/plain", "{\"mute\": true}")).statusCode()).isEqualTo(400);
        assertThat(send(patch("application/json", "mute")).statusCode()).isEqualTo(400);
        assertThat(send(patch("application/json", "{\"mute\": 1}")).statusCode())
                .isEqualTo(400);
        assertThat(send(patch("application/json", "{\"mute\": true}")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void refusesABodyInAnUnknownCharsetOrTooLargeWithASentence() throws Exception {
        HttpResponse<String> odd = send(patch("application/json; charset=nothing", "{\"mute\": true}"));
        HttpResponse<String> large = send(patch("application/json", " ".repeat(70_000)));

        assertThat(odd.statusCode()).isEqualTo(404); // the finding is none; the body was read
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(large.body()).path("error").asText()).endsWith(".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/assets/..%2f..%2fMETA-INF/MANIFEST.MF", "/assets/nothing.js", "/assets/app", "/assets/%00.js"})
    void servesNoFileThatIsNotOurs(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 40[04].*");
    }

    @Test
    void sendsAnUnchangedFileOnlyOnce() throws Exception {
        String tag =
                send(authorized("/assets/app.js")).headers().firstValue("ETag").orElseThrow();

        assertThat(send(authorized("/assets/app.js").header("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(304);
    }

    private static HttpRequest.Builder patch(String type, String body) {
        return authorized("/api/v1/findings/none")
                .header("Content-Type", type)
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(dashboard.address() + path));
    }

    private static HttpRequest.Builder authorized(String path) {
        return request(path).header("Authorization", "Bearer " + CONFIG.token().text());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String upgrade(String origin) {
        return "GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1:" + dashboard.port() + "\r\n" + origin
                + "\r\nAuthorization: Bearer " + CONFIG.token().text()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    private static String authorizedHead() {
        return " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + CONFIG.token().text() + "\r\n\r\n";
    }

    /** Sends bytes as they are, which no HTTP client would, and gives the first part of the answer. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dashboard.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[4_096];
            int read = in.read(answer);
            return new String(answer, 0, Math.max(0, read), StandardCharsets.UTF_8);
        }
    }
}
