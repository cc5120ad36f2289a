// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Every route under {@code /api/v1}: one line each. What many clients ask in the same second is worked out once. */
final class Api {
    static final String BASE = "/api/v1/";
    private static final int MOST_ANSWERS = 128;

    private final Targets targets;
    private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > MOST_ANSWERS;
        }
    };

    /** An answer and the state of the data that it was made from. */
    private record Answer(String basis, String json) {}

    Api(Targets targets) {
        this.targets = targets;
    }

    void register(RoutesConfig routes, Feed feed) {
        OverviewRoutes overview = new OverviewRoutes(targets, feed);
        get(routes, "targets", context -> overview.targets());
        get(routes, "self", context -> overview.self());
        get(routes, "recordings", context -> overview.recordings());
        ask(routes, "bootstrap", overview::bootstrap);
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
        Handler unknown = context -> {
            throw Refusal.notFound("There is no API path " + context.path() + ". The list is on the help page ‘api’.");
        };
        routes.get("/api/<path>", unknown);
        routes.post("/api/<path>", unknown);
        routes.put("/api/<path>", unknown);
        routes.patch("/api/<path>", unknown);
        routes.delete("/api/<path>", unknown);
    }

    /** What a route gets: the request and the target and range it asks about. */
    interface Question {
        ObjectNode answer(Context context, Query query);
    }

    private void ask(RoutesConfig routes, String path, Question question) {
        routes.get(BASE + path, context -> {
            Query query = Query.of(context, targets);
            String basis = basis(query);
            String key = context.path() + "?" + context.queryString();
            Answer known;
            synchronized (answers) {
                known = answers.get(key);
            }
            if (known == null || !known.basis().equals(basis)) {
                ObjectNode node = question.answer(context, query);
                node.set("range", Shapes.range(query.range()));
                known = new Answer(basis, node.toString());
                if (known.json().length() < 1_000_000) {
                    synchronized (answers) {
                        answers.put(key, known);
                    }
                }
            }
            send(context, known.json());
        });
    }

    /** Changes whenever an answer could: with each second of data, with the target's end, with a finding muted. */
    private static String basis(Query query) {
        String second = query.readings()
                .latest()
                .map(at -> Long.toString(at.getEpochSecond()))
                .orElse("");
        return second + query.target().status().state() + FindingRoutes.changes();
    }

    private static void get(RoutesConfig routes, String path, Function<Context, ObjectNode> answer) {
        routes.get(BASE + path, context -> send(context, answer.apply(context).toString()));
    }

    private static void send(Context context, String json) {
        context.header("Cache-Control", "no-store")
                .contentType("application/json")
                .result(json);
    }

    static void refuse(Context context, HttpStatus status, String sentence) {
        ObjectNode body = Shapes.object().put("error", sentence).put("status", status.getCode());
        context.status(status);
        send(context, body.toString());
    }
}
