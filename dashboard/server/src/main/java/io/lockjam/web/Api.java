// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.lockjam.finding.LiveFindings;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.Deflater;

/** Every route under {@code /api/v1}: one line each. What many clients ask in the same second is worked out once, also if at once. */
final class Api {
    static final String BASE = "/api/v1/";
    private static final int MOST_ANSWERS = 128;
    /** An answer is at most this part of its range old, and never older than so many seconds. */
    private static final long FRESH = 50;

    private static final long OLDEST_SECONDS = 6;
    private static final Zipped NOTHING = Zipped.of(new byte[0], Deflater.BEST_SPEED);
    /** Bytes, zipped; what is longer is worked out for each who asks. */
    private static final int LONGEST_KEPT = 1 << 18;

    private final Targets targets;
    private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > MOST_ANSWERS;
        }
    };

    /** The last answer to a question and the state of the data that it was made from; whoever asks the same meanwhile waits for it. */
    private static final class Answer {
        private String basis = "";
        private Zipped json = NOTHING;

        synchronized Zipped of(String now, Supplier<byte[]> question) {
            if (basis.equals(now)) {
                return json;
            }
            Zipped fresh = Zipped.of(question.get(), Deflater.BEST_SPEED);
            boolean kept = fresh.length() < LONGEST_KEPT;
            basis = kept ? now : "";
            json = kept ? fresh : NOTHING;
            return fresh;
        }
    }

    Api(Targets targets) {
        this.targets = targets;
    }

    void register(RoutesConfig routes, Feed feed) {
        OverviewRoutes overview = new OverviewRoutes(targets, feed);
        get(routes, "targets", context -> overview.targets());
        get(routes, "self", context -> overview.self());
        get(routes, "recordings", context -> overview.recordings());
        get(routes, "jobs", context -> JobRoutes.list(targets));
        ask(routes, "bootstrap", overview::bootstrap);
        ask(routes, "now", Api::now);
        ask(routes, "graph", GraphShape::answer);
        ask(routes, "waits", WaitRoutes::list);
        ask(routes, "timeline", WaitRoutes::timeline);
        ask(routes, "findings", FindingRoutes::list);
        ask(routes, "findings/{id}", FindingRoutes::one);
        ask(routes, "locks", LockRoutes::list);
        ask(routes, "locks/{id}", LockRoutes::one);
        ask(routes, "queues", QueueRoutes::list);
        ask(routes, "queues/{id}", QueueRoutes::one);
        ask(routes, "pools", PoolRoutes::list);
        ask(routes, "pools/{id}", PoolRoutes::one);
        ask(routes, "pools/{id}/what-if", PoolRoutes::whatIf);
        ask(routes, "threads", ThreadRoutes::list);
        ask(routes, "threads/{id}", ThreadRoutes::one);
        ask(routes, "races", RaceRoutes::list);
        ask(routes, "stacks", StackRoutes::flame);
        ask(routes, "source", SourceRoutes::around);
        routes.patch(BASE + "findings/{id}", context -> FindingRoutes.mute(context, targets));
        routes.delete(BASE + "jobs/{id}", context -> JobRoutes.cancel(context, targets));
        Methods.read(routes, "/api/<path>", context -> {
            throw Refusal.notFound("There is no API path " + context.path() + ". The list is on the help page ‘api’.");
        });
    }

    /** What the first page shows: four answers in one, since each request costs more than most answers. */
    private static ObjectNode now(Context context, Query query) {
        ObjectNode node = Shapes.object();
        node.set("findings", FindingRoutes.list(context, query));
        node.set("locks", LockRoutes.list(context, query));
        node.set("queues", QueueRoutes.list(context, query));
        node.set("stacks", StackRoutes.flame(context, query));
        return node;
    }

    /** What a route gets: the request and the target and range it asks about. */
    interface Question {
        ObjectNode answer(Context context, Query query);
    }

    private void ask(RoutesConfig routes, String path, Question question) {
        Methods.read(routes, BASE + path, context -> {
            Query query = Query.of(context, targets);
            String basis = basis(query);
            String key = context.path() + "?" + context.queryString();
            Answer answer;
            synchronized (answers) {
                answer = answers.computeIfAbsent(key, asked -> new Answer());
            }
            Zipped json = answer.of(basis, () -> {
                ObjectNode node = question.answer(context, query);
                node.set("range", Shapes.range(query.range()));
                return node.toString().getBytes(StandardCharsets.UTF_8);
            });
            head(context);
            json.send(context);
        });
    }

    /**
     * Changes whenever an answer could: with new data, with the target's end, with a finding that comes, goes or is muted. An answer
     * about minutes may be some seconds old: six of five minutes.
     */
    private static String basis(Query query) {
        long step = Math.max(1, Math.min(OLDEST_SECONDS, (long) query.range().seconds() / FRESH));
        String second = query.readings()
                .latest()
                .map(at -> Long.toString(at.getEpochSecond() / step))
                .orElse("");
        long open = query.readings().findings().stream()
                .filter(LiveFindings.Tracked::open)
                .mapToLong(each -> each.id().hashCode())
                .sum();
        return second + query.target().status().state() + open + FindingRoutes.changes();
    }

    private static void get(RoutesConfig routes, String path, Function<Context, ObjectNode> answer) {
        Methods.read(
                routes,
                BASE + path,
                context -> send(context, answer.apply(context).toString()));
    }

    private static void send(Context context, String json) {
        head(context);
        context.result(json);
    }

    private static void head(Context context) {
        context.header("Cache-Control", "no-store").contentType("application/json");
    }

    static void refuse(Context context, Refusal refusal) {
        context.status(refusal.status());
        send(context, refusal(refusal.status().getCode(), refusal.sentence()));
    }

    /** The body of every answer that is none. */
    static String refusal(int status, String sentence) {
        return Shapes.object().put("error", sentence).put("status", status).toString();
    }
}
