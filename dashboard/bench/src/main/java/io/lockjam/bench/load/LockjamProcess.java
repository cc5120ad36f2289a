// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Lockjam as its users start it, and what its dashboard answers. */
final class LockjamProcess implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI url;
    private final String token;

    private LockjamProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
        this.token = url.getQuery().replaceFirst(".*token=", "");
    }

    /** Returns once the dashboard has an address. */
    static LockjamProcess start(String script, String... arguments) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(script), Stream.concat(Stream.of(arguments), Stream.of("--no-open")))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("http")) {
                return new LockjamProcess(process, URI.create(line));
            }
        }
        process.destroy();
        throw new IOException("no dashboard");
    }

    long pid() {
        return process.pid();
    }

    ProcessFigures figures() {
        return new ProcessFigures(pid());
    }

    /** What a path of the API answers. */
    String get(String path, String encoding) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/api/v1/" + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept-Encoding", encoding)
                .build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode());
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    WebSocket follow(String target, WebSocket.Listener listener) throws ExecutionException, InterruptedException {
        return client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://" + url.getAuthority() + "/api/v1/ws?target=" + target), listener)
                .get();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
