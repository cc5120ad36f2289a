// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** CPU of the lockjam process without a page and with several open, in turns. */
public final class PagesBench {
    private static final long WARM_MILLIS = 120_000;
    private static final long SETTLE_MILLIS = 3_000;
    private static final long ASKS_MILLIS = 2_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI url;
    private final String token;

    private PagesBench(URI url) {
        this.url = url;
        this.token = url.getQuery().replaceFirst(".*token=", "");
    }

    /**
     * Starts a demo and prints what each stretch cost.
     *
     * @param arguments the lockjam script, demo, number of pages, number of pairs, seconds of a stretch
     */
    public static void main(String[] arguments) throws Exception {
        int pages = Integer.parseInt(arguments[2]);
        int pairs = Integer.parseInt(arguments[3]);
        long stretch = (long) (Double.parseDouble(arguments[4]) * 1_000);
        Process lockjam = new ProcessBuilder(arguments[0], "demo", arguments[1], "--no-open")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = lockjam.inputReader(StandardCharsets.UTF_8)) {
            URI url = URI.create(lines.lines()
                    .filter(line -> line.startsWith("http"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no dashboard")));
            System.out.println("lockjam is process " + lockjam.pid());
            Thread.sleep(WARM_MILLIS);
            new PagesBench(url).alternate(lockjam.pid(), pages, pairs, stretch);
        } finally {
            lockjam.destroy();
            lockjam.waitFor();
        }
    }

    private void alternate(long lockjam, int pages, int pairs, long stretchMillis) throws Exception {
        ProcessFigures figures = new ProcessFigures(lockjam);
        double[] sums = new double[2];
        for (int i = 0; i < 2 * pairs; i++) {
            boolean open = i % 4 == 1 || i % 4 == 2; // none, open, open, none: what drifts falls on both
            List<Page> readers = new ArrayList<>();
            for (int page = 0; page < (open ? pages : 0); page++) {
                readers.add(new Page());
            }
            Thread.sleep(SETTLE_MILLIS);
            long before = figures.cpuMicros();
            long begun = System.nanoTime();
            Thread.sleep(stretchMillis);
            double share = (figures.cpuMicros() - before) * 1e3 / (System.nanoTime() - begun);
            for (Page page : readers) {
                page.leave();
            }
            sums[open ? 1 : 0] += share / pairs;
            System.out.printf(
                    Locale.ROOT,
                    "%2d pages  %.1f %% of a core, %d MB resident%n",
                    readers.size(),
                    100 * share,
                    figures.residentKilobytes() >> 10);
        }
        System.out.printf(
                Locale.ROOT, "no page %.1f %%, %d pages %.1f %% of a core%n", 100 * sums[0], pages, 100 * sums[1]);
    }

    /** Follows the feed, and asks every two seconds what the page Now asks about the last five minutes. */
    private final class Page implements WebSocket.Listener {
        private final WebSocket feed;
        private final Thread asks = new Thread(this::ask, "page");

        Page() throws Exception {
            String target = get("targets", "identity").replaceFirst("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
            feed = client.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + token)
                    .buildAsync(URI.create("ws://" + url.getAuthority() + "/api/v1/ws?target=" + target), this)
                    .get();
            asks.start();
        }

        private void ask() {
            try {
                while (true) {
                    get("now?heldUp=1&limit=12&mode=wait&last=300", "gzip");
                    Thread.sleep(ASKS_MILLIS);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        void leave() throws InterruptedException {
            asks.interrupt();
            asks.join();
            feed.abort();
        }
    }

    private String get(String path, String encoding) throws IOException, InterruptedException {
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
}
