// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One work under one kind of arrivals: a {@link SweepTarget} watched by {@code lockjam attach}.
 *
 * @param sizes the first is measured by the product, which predicts the rest from it
 */
record SweepArm(String work, String arrivals, double perSecond, int seconds, List<Integer> sizes) {
    /** The last second of a phase is with the product after this long. */
    private static final int FLUSHED_SECONDS = 3;

    /** Meanwhile the compilers of the target and of the product are at work. */
    private static final int WARM_SECONDS = 15;

    /** The product sees the first size for longer: what it measures can be no steadier than the arrivals. */
    private static final int LOOKS = 3;

    /** What a size was worth by the target's own clocks, and what was predicted for it. */
    record Point(int size, double tasksPerSecond, double utilisation, double waitMillis, double predictedMillis) {
        /** Predicted ÷ measured. */
        double ratio() {
            return predictedMillis / waitMillis;
        }
    }

    /** @param recommended by the product from what it measured at the first size */
    record Outcome(SweepArm arm, int recommended, String why, List<Point> points) {
        double best() {
            return points.stream().mapToDouble(Point::tasksPerSecond).max().orElse(0);
        }

        int fewest() {
            return points.stream()
                    .filter(point -> point.tasksPerSecond() >= 0.95 * best())
                    .mapToInt(Point::size)
                    .min()
                    .orElse(0);
        }

        /** Throughput at the size recommended, or at the next smaller one that was measured. */
        double atRecommended() {
            return points.stream()
                    .filter(point -> point.size() <= recommended)
                    .max(Comparator.comparing(Point::size))
                    .map(Point::tasksPerSecond)
                    .orElse(0.0);
        }
    }

    boolean bursty() {
        return arrivals.equals("bursty");
    }

    int secondsWatched() {
        return LOOKS * seconds;
    }

    Outcome run(String java, String classPath, String lockjamJar) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(java, "-cp", classPath, SweepTarget.class.getName(), work, arrivals));
        FairSeed.Found seed = FairSeed.of(this);
        System.err.println(work + " " + arrivals + ": " + seed);
        command.add(Double.toString(perSecond));
        command.add(Long.toString(seed.seed()));
        command.add(sizes.get(0) + ":" + WARM_SECONDS);
        for (int i = 0; i < sizes.size(); i++) {
            command.add(sizes.get(i) + ":" + (i == 0 ? secondsWatched() : seconds));
        }
        Process target = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Process watcher = null;
        try (BufferedReader lines = target.inputReader(StandardCharsets.UTF_8)) {
            next(lines); // ready
            watcher = new ProcessBuilder(
                            java, "-jar", lockjamJar, "attach", Long.toString(target.pid()), "--no-open", "-q")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            URI page = URI.create(watcher.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("http"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no dashboard")));
            return outcome(target, lines, new Watch(page));
        } finally {
            for (Process each : watcher == null ? List.of(target) : List.of(watcher, target)) {
                each.destroy();
                each.waitFor();
            }
        }
    }

    private Outcome outcome(Process target, BufferedReader lines, Watch watch)
            throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        phase(target, lines);
        for (int size : sizes) {
            String line = phase(target, lines);
            if (points.isEmpty()) {
                TimeUnit.SECONDS.sleep(FLUSHED_SECONDS);
                watch.ask(line);
            }
            points.add(point(line, watch.predicted(size)));
            System.err.println(work + " " + arrivals + ": " + points.get(points.size() - 1));
        }
        return new Outcome(this, watch.recommended(), watch.why(), List.copyOf(points));
    }

    private static String phase(Process target, BufferedReader lines) throws IOException {
        target.getOutputStream().write('\n');
        target.getOutputStream().flush();
        return next(lines);
    }

    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("the target has ended");
        }
        return line;
    }

    private static long[] numbers(String line) {
        return Stream.of(line.split(" "))
                .filter(word -> word.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private static Point point(String line, double predictedMillis) {
        long[] n = numbers(line);
        double measured = (n[2] - n[1]) / 1e3;
        return new Point(
                (int) n[0],
                n[4] / measured,
                n[6] / 1e9 / measured / n[0],
                n[5] / 1e6 / Math.max(1, n[4]),
                predictedMillis);
    }

    /** The dashboard's answers about the pool. */
    private static final class Watch {
        private static final ObjectMapper JSON = new ObjectMapper();
        private static final int MILLIS = 1_000;

        private final HttpClient client = HttpClient.newHttpClient();
        private final URI page;
        private final String token;
        private JsonNode pool = JSON.nullNode();
        private String range = "";

        Watch(URI page) {
            this.page = page;
            this.token = page.toString().replaceFirst(".*[?&]token=", "").replaceFirst("[&#].*", "");
        }

        /** Looks at what the pool did in the whole seconds within the time of a line of the target. */
        void ask(String line) throws IOException, InterruptedException {
            long[] n = numbers(line);
            range = "from=" + (n[1] + MILLIS) + "&to=" + (n[2] - MILLIS);
            for (JsonNode each : get("pools?" + range).path("pools")) {
                if (each.path("name").asText().startsWith("sweep-worker")) {
                    pool = each;
                }
            }
            System.err.println(why());
            System.err.println(get("pools/" + pool.path("id").asText() + "?" + range)
                    .at("/advice/figures")
                    .toPrettyString());
        }

        double predicted(int size) throws IOException, InterruptedException {
            JsonNode point = get("pools/" + pool.path("id").asText() + "/what-if?n=" + size + "&" + range);
            JsonNode wait = point.path("queueWaitMeanMs");
            return wait.isNumber() ? wait.asDouble() : Double.POSITIVE_INFINITY;
        }

        int recommended() {
            return pool.path("recommended").path("threads").asInt();
        }

        String why() {
            return pool.path("recommended").path("why").asText()
                    + pool.path("notRecommended").asText();
        }

        private JsonNode get(String path) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(page.resolve("/api/v1/" + path))
                    .header("Authorization", "Bearer " + token)
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body());
        }
    }
}
